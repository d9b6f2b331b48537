using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// A connection like <see cref="MemberLink"/> in the hands of one thread, which waits in the kernel: with millions of
/// replies a second to take, a task that is resumed for every packet costs more than the packets.
/// </summary>
/// <remarks>No asynchronous operation may ever touch its socket: from the first one on, each packet would wake a thread of the runtime.</remarks>
internal sealed class BulkLink : IDisposable
{
    public const int ReceiveBytes = 256 * 1024;
    private const int SendBytes = 128 * 1024;

    /// <summary>As on an Ethernet. Where they are larger, on a loopback above all, the peer's kernel takes megabytes from it before it makes it wait.</summary>
    private const int SegmentBytes = 1448;

    /// <summary>A piece of this size goes to the kernel from where it is.</summary>
    private const int LargePiece = 16 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TimeSpan _patience;
    private readonly CancellationToken _stopped;
    private readonly CancellationTokenRegistration _stop;
    private readonly byte[] _received = new byte[ReceiveBytes];
    private readonly byte[] _unsent = new byte[SendBytes];
    private int _start;
    private int _end;

    private BulkLink(MemberFaults faults, CopyLimits limits, bool isForListing, CancellationToken stopped)
    {
        (Faults, _patience, _stopped) = (faults, limits.Patience, stopped);
        if (isForListing)
            _socket.Set(TcpOption.MaxSegment, SegmentBytes);

        // What a copy stored must not arrive long after others have taken it over and verified what was there.
        DeadPeers.LimitDelivery(_socket, limits.LongestDelivery);
        _socket.SendTimeout = _socket.ReceiveTimeout = (int)_patience.TotalMilliseconds;
        _stop = stopped.Register(Break);
    }

    /// <summary>Connects on a thread of its own, and asks who answers before anything else.</summary>
    /// <param name="role">What the member is to the copy, for error messages: source or target.</param>
    /// <param name="member">The member, with an address.</param>
    /// <param name="limits">Its patience ends every wait.</param>
    /// <param name="stopped">Ends every wait.</param>
    /// <param name="isForListing">Whether <see cref="LimitAhead"/> must hold.</param>
    /// <exception cref="CopyException">It cannot be reached, or is another process than the topology names.</exception>
    public static Task<BulkLink> ConnectAsync(string role, Member member, CopyLimits limits, CancellationToken stopped, bool isForListing = false) =>
        Task.Factory.StartNew(() => Connect(role, member, limits, isForListing, stopped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What was received and not taken yet; valid until the next call.</summary>
    public Span<byte> Received => _received.AsSpan(_start.._end);

    /// <summary>Whether there is something to receive without waiting.</summary>
    public bool HasMore => _socket.Available > 0;

    /// <summary>Bytes written and not sent yet.</summary>
    public int Unsent { get; private set; }

    public MemberFaults Faults { get; }

    /// <summary>Limits what the peer may send ahead of what was received here.</summary>
    public void LimitAhead(int bytes) => _socket.ReceiveBufferSize = bytes;

    /// <summary>Takes bytes off the front of <see cref="Received"/>.</summary>
    public void Take(int bytes) => _start += bytes;

    /// <summary>Takes a line without its end; false: not all of it is here.</summary>
    public bool TryTakeLine(out Span<byte> line)
    {
        var received = Received;
        var length = received.IndexOf((byte)'\n');
        line = length < 0 ? default : received[..length].TrimEnd((byte)'\r');
        _start += length + 1;
        return length >= 0;
    }

    /// <summary>Waits for more and receives what there is.</summary>
    /// <param name="atMost">Bytes.</param>
    /// <exception cref="CopyException">Nothing came for as long as patience lasts, or the connection broke.</exception>
    public void Receive(int atMost = ReceiveBytes)
    {
        Received.CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        if (_end == _received.Length)
            throw Faults.Failure($"sent a line of more than {ReceiveBytes} bytes");
        var received = _socket.Receive(_received.AsSpan(_end, Math.Min(atMost, ReceiveBytes - _end)), SocketFlags.None, out var error);
        _stopped.ThrowIfCancellationRequested();
        Check(error);
        _end += received > 0 ? received : throw Faults.Closed();
    }

    /// <summary>Room to write a command into; <see cref="Advance"/> says how much of it was used.</summary>
    public Span<byte> GetSpan(int bytes)
    {
        if (Unsent + bytes > SendBytes)
            Flush();
        return _unsent.AsSpan(Unsent);
    }

    public void Advance(int bytes) => Unsent += bytes;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= LargePiece)
        {
            Flush();
            Send(bytes);
            return;
        }

        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    public void Flush()
    {
        var length = Unsent;
        Unsent = 0;
        Send(_unsent.AsSpan(0, length));
    }

    public void Dispose()
    {
        _stop.Dispose();
        _socket.Dispose();
    }

    private static BulkLink Connect(string role, Member member, CopyLimits limits, bool isForListing, CancellationToken stopped)
    {
        var link = new BulkLink(new MemberFaults(role, member), limits, isForListing, stopped);
        try
        {
            link.Connect(IPEndPoint.Parse(member.Address!));
            var vitals = link.AskVitals();
            if (limits.Safeguards.IncarnationCheck)
                link.Faults.Check(vitals);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    private void Connect(IPEndPoint address)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopped);
        using var end = deadline.Token.Register(_socket.Dispose);
        deadline.CancelAfter(_patience);
        try
        {
            _socket.Connect(address);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _stopped.ThrowIfCancellationRequested();
            throw e is SocketException reason && !deadline.IsCancellationRequested ? Faults.Unreachable(reason) : Faults.Silence(_patience);
        }
    }

    private MemberVitals AskVitals()
    {
        Write("stats\r\n"u8);
        Flush();
        var vitals = default(MemberVitals);
        while (true)
        {
            while (TryTakeLine(out var line))
            {
                if (line.SequenceEqual("END"u8))
                    return vitals;
                if (!line.StartsWith("STAT "u8))
                    throw Faults.Unexpected(line);
                vitals = vitals.With(line);
            }

            Receive();
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            _stopped.ThrowIfCancellationRequested();
            Check(error);
            bytes = bytes[sent..];
        }
    }

    private void Check(SocketError error)
    {
        if (error is SocketError.TimedOut or SocketError.WouldBlock)
            throw Faults.Silence(_patience);
        if (error != SocketError.Success)
            throw Faults.Unreachable(new SocketException((int)error));
    }

    private void Break()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The member, or this side, has ended it already.
        }
    }
}
