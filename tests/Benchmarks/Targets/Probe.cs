using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Benchmarks.Targets;

/// <summary>Asks for a key that is not there.</summary>
internal static class Probe
{
    private const int TimeoutMilliseconds = 1000;

    /// <summary>Whether a miss came back: it listens, and it reaches the members.</summary>
    public static bool Answers(IPEndPoint endPoint)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = TimeoutMilliseconds };
        try
        {
            socket.Connect(endPoint);
            socket.Send("get nothing\r\n"u8);
            Span<byte> reply = stackalloc byte[64];
            return reply[..socket.Receive(reply)].SequenceEqual("END\r\n"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
