using System.Net.Sockets;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// A <see cref="MemberLink"/> in the hands of a thread of its own, which waits in the kernel: with millions of
/// replies a second to take, a task that is resumed for every packet costs more than the packets.
/// </summary>
internal sealed class BulkLink : IAsyncDisposable
{
    private const int ReceiveBytes = 256 * 1024;
    private const int SendBytes = 128 * 1024;

    /// <summary>A piece of this size goes to the kernel from where it is.</summary>
    private const int LargePiece = 16 * 1024;

    private readonly MemberLink _member;
    private readonly Socket _socket;
    private readonly TimeSpan _patience;
    private readonly CancellationToken _stopped;
    private readonly CancellationTokenRegistration _stop;
    private readonly byte[] _received = new byte[ReceiveBytes];
    private readonly byte[] _unsent = new byte[SendBytes];
    private int _start;
    private int _end;

    /// <param name="member">Its own from now on.</param>
    /// <param name="socket">The member's.</param>
    /// <param name="patience">How long the member may be silent.</param>
    /// <param name="stopped">Ends every wait.</param>
    public BulkLink(MemberLink member, Socket socket, TimeSpan patience, CancellationToken stopped)
    {
        (_member, _socket, _patience, _stopped) = (member, socket, patience, stopped);
        socket.SendTimeout = (int)patience.TotalMilliseconds;
        _stop = stopped.Register(Break);
    }

    /// <summary>What was received and not taken yet; valid until the next call.</summary>
    public Span<byte> Received => _received.AsSpan(_start.._end);

    /// <summary>Whether there is something to receive without waiting.</summary>
    public bool HasMore => _socket.Available > 0;

    /// <summary>Bytes written and not sent yet.</summary>
    public int Unsent { get; private set; }

    public MemberLink Member => _member;

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
    /// <exception cref="CopyException">Nothing came for as long as patience lasts, or the connection broke.</exception>
    public void Receive()
    {
        Received.CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        if (_end == _received.Length)
            throw _member.Failure($"sent a line of more than {ReceiveBytes} bytes");
        if (!_socket.Poll(_patience, SelectMode.SelectRead))
            throw Silence();
        var received = _socket.Receive(_received.AsSpan(_end), SocketFlags.None, out var error);
        _stopped.ThrowIfCancellationRequested();
        Check(error);
        _end += received > 0 ? received : throw _member.Failure("closed the connection");
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

    public async ValueTask DisposeAsync()
    {
        await _stop.DisposeAsync();
        await _member.DisposeAsync();
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
        if (error == SocketError.TimedOut)
            throw Silence();
        if (error != SocketError.Success)
            throw _member.Failure($"cannot be reached: {new SocketException((int)error).Message}");
    }

    private void Break()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The member has ended it already.
        }
    }

    private CopyException Silence() => _member.Failure($"did not answer within {_patience.TotalSeconds:0} s");
}
