using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Tests.Net;

public sealed class ConnectionTests
{
    private const int MoreThanTheSystemTakes = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_a_peer_that_was_offered_something_and_takes_nothing_is_stuck()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(listener.LocalEndPoint!, Token);
        using var socket = await listener.AcceptAsync(Token);
        using var loop = new EventLoop(TimeProvider.System, e => throw e);
        var thread = new Thread(loop.Run) { IsBackground = true };
        thread.Start();
        var connection = await OnLoopAsync(loop, () => new TestConnection(loop, socket));

        Assert.Equal(long.MaxValue, await OnLoopAsync(loop, () => connection.Write(MoreThanTheSystemTakes).StuckSince));
        Assert.True(await OnLoopAsync(loop, () => connection.StuckSince <= loop.Now));
        Assert.True(await OnLoopAsync(loop, () => !connection.HasProgress));

        // The loop is busy with this, and sees nothing of it.
        Assert.True(await OnLoopAsync(loop, () => Take(peer, connection)));
        loop.Stop();
        thread.Join();
    }

    private static bool Take(Socket peer, TestConnection connection)
    {
        var bytes = new byte[1 << 20];
        peer.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        for (var taken = 0; taken < MoreThanTheSystemTakes && !connection.HasProgress;) taken += peer.Receive(bytes);
        return connection.HasProgress;
    }

    private static Task<T> OnLoopAsync<T>(EventLoop loop, Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task.WaitAsync(Patience, Token);
    }

    private sealed class TestConnection : Connection
    {
        public TestConnection(EventLoop loop, Socket socket)
            : base(loop, FlushOrder.Clients)
        {
            socket.Blocking = false;
            Attach(socket, connecting: false);
        }

        public TestConnection Write(int length)
        {
            Output.Write(new byte[length]);
            MarkDirty();
            return this;
        }

        protected override int OnData(ReadOnlySpan<byte> data) => data.Length;

        protected override void OnClosed(Exception? cause)
        {
        }
    }
}
