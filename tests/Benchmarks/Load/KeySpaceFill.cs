using System.Net.Sockets;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Load;

/// <summary>Writes every key once, so that no read misses.</summary>
internal static class KeySpaceFill
{
    private const int TimeoutMilliseconds = 5000;

    /// <param name="target">Through which it writes.</param>
    /// <param name="workload">Whose keys.</param>
    /// <exception cref="LoadFailureException">A reply was not <c>STORED</c>.</exception>
    public static void Run(Target target, Workload workload)
    {
        var stream = RequestStream.Build(workload.Fill, target.Kind.KeyOwner());
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = TimeoutMilliseconds,
            SendTimeout = TimeoutMilliseconds,
        };
        socket.Connect(target.EndPoint);
        var buffer = new byte[4096];
        for (var batch = 0; batch < stream.Batches; batch++)
        {
            socket.Send(stream.Requests(batch));
            var checker = default(ReplyChecker);
            int received;
            do
            {
                received = socket.Receive(buffer);
                if (received == 0) throw new LoadFailureException("the connection was closed while the keys were written");
            }
            while (!checker.Accept(buffer.AsSpan(0, received), stream.Replies(batch)));
        }
    }
}
