using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using CacheOperator.Provisioning;

namespace CacheOperator.WarmUpBenchmarks.Members;

/// <summary>Fills a member, or a proxy's members, with <c>key:0</c> and so on.</summary>
internal static class SourceFill
{
    private const int LotItems = 500;
    private const int LotBytes = 1 << 20;
    private const int TimeoutMilliseconds = 60_000;

    /// <param name="endPoint">Where they are written.</param>
    /// <param name="work">How many, and how large.</param>
    /// <param name="versions">Whether each gets a version; a proxy gives its own.</param>
    /// <exception cref="ProvisioningException">An item was refused.</exception>
    public static void Run(IPEndPoint endPoint, CopyCase work, bool versions = true)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = TimeoutMilliseconds };
        socket.Connect(endPoint);
        var value = new byte[work.ValueBytes + 2];
        value.AsSpan().Fill((byte)'v');
        "\r\n"u8.CopyTo(value.AsSpan(work.ValueBytes));
        var lot = new byte[LotBytes + value.Length + 128];
        var reply = new byte[4096];
        for (var next = 0; next < work.Items;)
        {
            var length = 0;
            for (var i = 0; i < LotItems && length < LotBytes && next < work.Items; i++, next++)
            {
                length = Put(lot, length, "ms key:"u8, next);
                length = Put(lot, length, " "u8, work.ValueBytes);
                // One in two expires: an expiry is a part of what a copy must preserve.
                length = Put(lot, length, " T"u8, next % 2 == 0 ? 0 : 86_400);
                if (versions) length = Put(lot, length, " E"u8, 1_000_000L + next);
                " q\r\n"u8.CopyTo(lot.AsSpan(length));
                value.CopyTo(lot.AsSpan(length + 4));
                length += 4 + value.Length;
            }

            "mn\r\n"u8.CopyTo(lot.AsSpan(length));
            socket.Send(lot.AsSpan(0, length + 4));
            var received = socket.Receive(reply);
            if (!reply.AsSpan(0, received).SequenceEqual("MN\r\n"u8))
                throw new ProvisioningException($"an item was refused: {System.Text.Encoding.ASCII.GetString(reply, 0, received)}");
        }
    }

    private static int Put(byte[] lot, int at, ReadOnlySpan<byte> text, long number)
    {
        text.CopyTo(lot.AsSpan(at));
        Utf8Formatter.TryFormat(number, lot.AsSpan(at + text.Length), out var digits);
        return at + text.Length + digits;
    }
}
