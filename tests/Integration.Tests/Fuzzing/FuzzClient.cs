using System.Net;
using System.Net.Sockets;
using CacheOperator.Integration.Tests.Memcached;

namespace CacheOperator.Integration.Tests.Fuzzing;

/// <summary>Connects, sends nonsense in chunks, and goes: in an orderly way, abruptly, or without ever having read.</summary>
internal sealed class FuzzClient(IPEndPoint server, int seed)
{
    private readonly Random _random = new(seed);

    public int Connections { get; private set; }

    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        var input = new FuzzInput(_random);
        for (; !stop.IsCancellationRequested; Connections++) await RunAsync(input.Next(), cancellationToken);
    }

    private async Task RunAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Deadline.Patience);
        var reading = _random.Next(6) == 0 ? Task.CompletedTask : ReadAsync(socket, patience.Token);
        var end = _random.Next(2) == 0 ? bytes.Length : _random.Next(bytes.Length);
        var sentAll = await SendAsync(socket, bytes.AsMemory(0, end), cancellationToken);
        switch (_random.Next(3))
        {
            // Whoever ends its input gets its answers, and the connection is closed.
            case 0 when sentAll && socket.Connected:
                EndInput(socket);
                await reading;
                break;
            case 1:
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                break;
        }

        socket.Close();
        await reading;
    }

    private async Task<bool> SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // Whoever does not read may find at some time that it cannot send.
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(TimeSpan.FromSeconds(1));
        var chunk = 1 << _random.Next(16);
        try
        {
            for (var at = 0; at < bytes.Length;) at += await socket.SendAsync(bytes.Slice(at, Math.Min(_random.Next(1, chunk + 1), bytes.Length - at)), soon.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static void EndInput(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Closed by the other side a moment ago.
        }
    }

    private static async Task ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("the proxy neither answered nor closed a connection whose input has ended");
        }
    }
}
