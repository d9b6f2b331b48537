using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Tests.Net;

public sealed class ListenerTests
{
    private const int TcpLevel = 6;
    private const int UserTimeout = 18;

    [Fact]
    public async Task An_accepted_connection_is_watched_by_the_kernel()
    {
        using var loop = new EventLoop(TimeProvider.System, e => throw e);
        var accepted = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new Listener(loop, new IPEndPoint(IPAddress.Loopback, 0), TimeSpan.FromSeconds(60), accepted.SetResult, e => accepted.SetException(e));
        listener.Start();
        var thread = new Thread(loop.Run);
        thread.Start();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken);

        using var socket = await accepted.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        loop.Stop();
        thread.Join();

        Assert.True(socket.NoDelay);
        Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(30, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(10, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(3, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
        var milliseconds = new byte[sizeof(int)];
        socket.GetRawSocketOption(TcpLevel, UserTimeout, milliseconds);
        Assert.Equal(60_000, BitConverter.ToInt32(milliseconds));
    }
}
