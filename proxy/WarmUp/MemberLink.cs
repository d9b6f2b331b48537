using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// One connection of a copy to one memcached process. The process is checked once, at connect: a connection never
/// outlives it, so a restarted member ends the copy instead of being read as if it still were the old one.
/// </summary>
internal sealed class MemberLink : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly MemberFaults _faults;
    private readonly CopyLimits _limits;
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenRegistration _stop;
    private readonly CancellationToken _stopped;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private int _underWay;

    private MemberLink(MemberFaults faults, CopyLimits limits, TimeProvider time, CancellationToken stopped)
    {
        (_faults, _limits, _stopped) = (faults, limits, stopped);

        // What a copy stored must not arrive long after others have taken it over and verified what was there.
        DeadPeers.LimitDelivery(_socket, limits.LongestDelivery);
        _patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stop = stopped.Register(static source => ((CancellationTokenSource)source!).Cancel(), _patience);
    }

    /// <param name="role">What the member is to the copy, for error messages: source or target.</param>
    /// <param name="member">The member, with an address.</param>
    /// <param name="limits">Its patience ends every wait.</param>
    /// <param name="time">Clock of the patience.</param>
    /// <param name="stopped">Ends every operation on this connection.</param>
    /// <exception cref="CopyException">It cannot be reached, or is another process than the topology names.</exception>
    public static async Task<MemberLink> ConnectAsync(string role, Member member, CopyLimits limits, TimeProvider time, CancellationToken stopped)
    {
        var link = new MemberLink(new MemberFaults(role, member), limits, time, stopped);
        try
        {
            await link.GuardAsync(token => link._socket.ConnectAsync(IPEndPoint.Parse(member.Address!), token));
            var vitals = await link.AskVitalsAsync();
            if (limits.Safeguards.IncarnationCheck)
                link._faults.Check(vitals);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>This side's address.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public CopyException Failure(string what, Exception? inner = null) => _faults.Failure(what, inner);

    public CopyException Unexpected(ReadOnlySpan<byte> reply) => _faults.Unexpected(reply);

    public ValueTask SendAsync(ReadOnlyMemory<byte> request) => GuardAsync(async token =>
    {
        while (request.Length > 0)
        {
            request = request[await _socket.SendAsync(request, token)..];
            _patience.CancelAfter(_limits.Patience);
        }
    });

    /// <summary>A line without its end, valid until the next call on this connection; false: not all of it is here, receive more.</summary>
    public bool TryReadLine(out Span<byte> line)
    {
        var received = _buffer.AsSpan(_start.._end);
        var length = received.IndexOf((byte)'\n');
        if (length < 0)
        {
            line = default;
            return false;
        }

        _start += length + 1;
        line = received[..length];
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        return true;
    }

    public async ValueTask SkipLineAsync()
    {
        while (!TryReadLine(out _))
            await ReceiveAsync();
    }

    public async ValueTask ExpectAsync(string reply)
    {
        Span<byte> line;
        while (!TryReadLine(out line))
            await ReceiveAsync();
        if (!System.Text.Ascii.Equals(line, reply))
            throw Unexpected(line);
    }

    /// <summary>Receives what there is, at least one byte.</summary>
    public async ValueTask ReceiveAsync()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
            throw Failure($"sent a line of more than {BufferSize} bytes");
        _end += await ReceiveAsync(_buffer.AsMemory(_end));
    }

    public async ValueTask ReadExactlyAsync(Memory<byte> destination)
    {
        var here = Math.Min(destination.Length, _end - _start);
        _buffer.AsMemory(_start, here).CopyTo(destination);
        _start += here;
        destination = destination[here..];
        while (destination.Length > 0)
            destination = destination[await ReceiveAsync(destination)..];
    }

    public async ValueTask<MemberVitals> AskVitalsAsync()
    {
        await SendAsync("stats\r\n"u8.ToArray());
        return await ReadVitalsAsync();
    }

    /// <summary>Reads the reply to a <c>stats</c> that was sent.</summary>
    public async ValueTask<MemberVitals> ReadVitalsAsync()
    {
        var vitals = default(MemberVitals);
        while (true)
        {
            while (TryReadLine(out var line))
            {
                if (line.SequenceEqual("END"u8))
                    return vitals;
                if (!line.StartsWith("STAT "u8))
                    throw Unexpected(line);
                vitals = vitals.With(line);
            }

            await ReceiveAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.DisposeAsync();
        _socket.Dispose();
        _patience.Dispose();
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> destination)
    {
        var received = 0;
        await GuardAsync(async token => received = await _socket.ReceiveAsync(destination, token));
        return received > 0 ? received : throw _faults.Closed();
    }

    private async ValueTask GuardAsync(Func<CancellationToken, ValueTask> operation)
    {
        Interlocked.Increment(ref _underWay);
        _patience.CancelAfter(_limits.Patience);
        try
        {
            await operation(_patience.Token);
        }
        catch (OperationCanceledException) when (!_stopped.IsCancellationRequested)
        {
            throw _faults.Silence(_limits.Patience);
        }
        catch (SocketException e)
        {
            throw _faults.Unreachable(e);
        }
        finally
        {
            // A request may still be on its way out while its first replies are read.
            var isLast = Interlocked.Decrement(ref _underWay) == 0;
            if (!_stopped.IsCancellationRequested)
                _patience.CancelAfter(isLast ? Timeout.InfiniteTimeSpan : _limits.Patience);
        }
    }
}
