using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace CacheOperator.Fleet.Networking;

/// <summary>A piece of network between a client and a server that can be slow, can hold back what is on its way, and can be cut.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<byte[]> _held = [];
    private long _allowance = long.MaxValue;
    private TaskCompletionSource? _hold;
    private readonly Task _accepting;
    private CancellationTokenSource _cut = new();

    /// <param name="server">Where it leads.</param>
    /// <param name="latency">How long every byte takes, each way.</param>
    public Relay(IPEndPoint server, TimeSpan latency = default)
    {
        (_server, Latency) = (server, latency);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How long every byte takes, each way; may change.</summary>
    public TimeSpan Latency { get; set; }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public bool IsCut => _cut.IsCancellationRequested;

    /// <summary>Resets every connection and refuses new ones.</summary>
    public void Cut() => _cut.Cancel();

    /// <summary>Delivers nothing from now on, either way, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_lock) _hold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Delivers all that was held back, in order.</summary>
    public void Release()
    {
        TaskCompletionSource? hold;
        lock (_lock)
        {
            (hold, _hold) = (_hold, null);
            _held.Clear();
        }

        hold?.SetResult();
    }

    /// <summary>Whether something that contains this is held back, as the first on its way.</summary>
    public bool Holds(string text)
    {
        lock (_lock) return _held.Exists(bytes => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0);
    }

    /// <summary>Cuts itself when the server has sent this many more bytes, of which the client gets exactly those.</summary>
    public void CutAfter(long bytes) => Volatile.Write(ref _allowance, bytes);

    public void Heal() => (_cut, _allowance) = (new CancellationTokenSource(), long.MaxValue);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _cut.CancelAsync();
        await _accepting;
        _listener.Stop();
        _end.Dispose();
        _cut.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                connections.Add(CarryAsync(client, _cut.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(Socket client, CancellationToken cut)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cut, _end.Token);
        try
        {
            await server.ConnectAsync(_server, ended.Token);
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false, ended.Token), PumpAsync(server, client, isAnswer: true, ended.Token)).Unwrap();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
        }
        finally
        {
            await ended.CancelAsync();
            client.Close(0);
            server.Close(0);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer, CancellationToken cancellationToken)
    {
        var onTheWay = Channel.CreateUnbounded<(DateTime Due, byte[] Bytes)>();
        var arriving = DeliverAsync(onTheWay.Reader, to, isAnswer, cancellationToken);
        var buffer = new byte[BufferSize];
        while (await from.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
            onTheWay.Writer.TryWrite((DateTime.UtcNow + Latency, buffer[..count]));
        onTheWay.Writer.Complete();
        await arriving;
    }

    private async Task DeliverAsync(ChannelReader<(DateTime Due, byte[] Bytes)> onTheWay, Socket to, bool isAnswer, CancellationToken cancellationToken)
    {
        await foreach (var (due, bytes) in onTheWay.ReadAllAsync(cancellationToken))
        {
            if (due - DateTime.UtcNow is { Ticks: > 0 } wait)
                await Task.Delay(wait, cancellationToken);
            await HeldAsync(bytes).WaitAsync(cancellationToken);
            var left = isAnswer ? Interlocked.Add(ref _allowance, -bytes.Length) : 1;
            for (var rest = bytes.AsMemory(0, (int)Math.Clamp(bytes.Length + Math.Min(left, 0), 0, bytes.Length)); rest.Length > 0;)
                rest = rest[await to.SendAsync(rest, cancellationToken)..];
            if (left > 0) continue;
            to.Shutdown(SocketShutdown.Send);
            Cut();
        }
    }

    private Task HeldAsync(byte[] bytes)
    {
        lock (_lock)
        {
            if (_hold is null) return Task.CompletedTask;
            _held.Add(bytes);
            return _hold.Task;
        }
    }
}
