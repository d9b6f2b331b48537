using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Tests.Net;

public sealed class DeadPeersTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_closed_socket_still_held_is_not_delivered_after_the_limit()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint!, Cancelled);
        using var peer = await listener.AcceptAsync(Cancelled);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var written = Fill(socket);

        DeadPeers.LimitDelivery(socket, TimeSpan.FromMilliseconds(200));
        socket.Dispose();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(Deadline);
        while (await HoldsAsync(port, patience.Token)) await Task.Delay(20, patience.Token);

        Assert.InRange(await ReadAllAsync(peer), 1, written - 1);
    }

    /// <summary>Writes more than a peer that reads nothing has room for.</summary>
    private static long Fill(Socket socket)
    {
        socket.Blocking = false;
        var (block, written) = (new byte[1 << 16], 0L);
        while (true)
        {
            var count = socket.Send(block, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return written;
            Assert.Equal(SocketError.Success, error);
            written += count;
        }
    }

    /// <summary>Whether the kernel has a connection from this port that is more than a memory.</summary>
    private static async Task<bool> HoldsAsync(int port, CancellationToken cancellationToken)
    {
        const string TimeWait = "06";
        var local = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        return (await File.ReadAllLinesAsync("/proc/net/tcp", cancellationToken))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => fields[1].EndsWith(local, StringComparison.Ordinal) && fields[3] != TimeWait);
    }

    private static async Task<long> ReadAllAsync(Socket peer)
    {
        var (block, read) = (new byte[1 << 16], 0L);
        try
        {
            for (int count; (count = await peer.ReceiveAsync(block, Cancelled)) > 0;) read += count;
        }
        catch (SocketException)
        {
            // There is nobody left to say goodbye.
        }

        return read;
    }
}
