using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>
/// A non-blocking stream socket of an <see cref="EventLoop"/>. It hands over what arrives as spans, keeps what was not
/// consumed, and writes once per iteration. A subclass may attach a new socket after the old one is closed.
/// </summary>
internal abstract class Connection(EventLoop loop, FlushOrder order) : IEventHandler
{
    // What is kept of a longer piece is not moved to where the next read goes; the rest is received behind it.
    private const int MaxCopied = 32 << 10;

    private Socket? _socket;
    private int _fd;
    private Readiness _interest;
    private bool _connecting;
    private bool _dirty;
    private bool _paused;
    private bool _ended;
    private HeldInput _held = new(loop.Buffers);
    private int _refused;
    private long _lastReceived;
    private long _lastTaken;

    public bool IsOpen => _socket is not null;

    /// <summary>This side's address, while connected.</summary>
    protected IPEndPoint LocalEndPoint => (IPEndPoint)_socket!.LocalEndPoint!;

    /// <summary>Bytes of input and output that it keeps in memory.</summary>
    protected long Kept => Output.Size + _held.Size;

    /// <summary>
    /// Loop time since when the peer has owed a part of what it began to send, or has taken nothing of what there is for it;
    /// <see cref="long.MaxValue"/> if neither is so.
    /// </summary>
    public long StuckSince =>
        Math.Min(AwaitsTaking ? _lastTaken : long.MaxValue, AwaitsMore ? _lastReceived : long.MaxValue);

    /// <summary>Whether the peer has sent or taken something that this loop has not come to yet.</summary>
    public bool HasProgress =>
        _socket is { } socket && ((AwaitsTaking && socket.Poll(0, SelectMode.SelectWrite)) || (AwaitsMore && socket.Poll(0, SelectMode.SelectRead)));

    protected EventLoop Loop { get; } = loop;

    protected OutputBuffer Output { get; } = new(loop.Buffers);

    /// <summary>What <see cref="OnData"/> needs in one piece, counted from its first unconsumed byte, before another call makes sense; 0 when unknown.</summary>
    protected int Needed { get; set; }

    /// <summary>Bytes that were received and wait for <see cref="OnData"/>.</summary>
    protected int HeldInput => _held.Length;

    /// <summary>Whether there are such bytes.</summary>
    protected bool HasHeldInput => HeldInput > 0;

    /// <summary>Whether it is not read from for now.</summary>
    protected bool IsPaused => _paused;

    /// <summary>Whether a piece that is larger than one read is arriving.</summary>
    protected bool IsReceivingLarge => HasHeldInput && Needed > MaxCopied;

    /// <summary>Loop time when the peer last sent something, or took something that it had been waited for.</summary>
    protected long LastProgress => Math.Max(_lastReceived, _lastTaken);

    // What was written in this iteration has not been offered to the peer yet.
    private bool AwaitsTaking => (_interest & Readiness.Writable) != 0;

    private bool AwaitsMore => HasHeldInput && !_paused;

    // Bytes that are received at a time. More of one piece is received in place, once there is room for it.
    private int ReceiveSize => order == FlushOrder.Clients ? Loop.ClientReceiveSize : EventLoop.ReceiveBufferSize;

    private int LargestCopied => Math.Min(ReceiveSize, MaxCopied);

    /// <summary>Called with everything received and not consumed so far.</summary>
    /// <returns>How many bytes were consumed.</returns>
    protected abstract int OnData(ReadOnlySpan<byte> data);

    /// <summary>Bytes came or went.</summary>
    protected virtual void OnTransferred(int received, int sent)
    {
    }

    /// <summary>Whether a large buffer may be taken for input. If not, nothing is read until <see cref="Admit"/>.</summary>
    protected virtual bool MayHold(int size) => true;

    /// <summary>The peer will send nothing more.</summary>
    protected virtual void OnEndOfInput() => Close(null);

    /// <summary>The connection is gone; <paramref name="cause"/> is null when the peer or this side closed it in an orderly way.</summary>
    protected abstract void OnClosed(Exception? cause);

    /// <summary>The socket is about to be closed; what was written to it may still be on its way.</summary>
    protected virtual void OnClosing(Socket socket)
    {
    }

    /// <summary>A socket attached as connecting is connected.</summary>
    protected virtual void OnConnected()
    {
    }

    /// <summary>Input that was kept has been offered to <see cref="OnData"/> again.</summary>
    protected virtual void OnResumed()
    {
    }

    /// <summary>What was written is about to go out; more may be added.</summary>
    protected virtual void OnFlushing()
    {
    }

    /// <summary>Everything written has gone out.</summary>
    protected virtual void OnDrained()
    {
    }

    /// <param name="socket">Non-blocking; owned from now on.</param>
    /// <param name="connecting">Its connect is under way: <see cref="OnConnected"/> follows.</param>
    protected void Attach(Socket socket, bool connecting)
    {
        _socket = socket;
        _fd = (int)socket.Handle;
        _connecting = connecting;
        (_paused, _ended, _refused) = (false, false, 0);
        _lastReceived = _lastTaken = Loop.Now;
        _interest = connecting ? Readiness.Writable : Readiness.Readable;
        Loop.Register(_fd, this, _interest);
    }

    /// <summary>Where a part of the data lies that <see cref="OnData"/> is being given. Only good until that returns.</summary>
    public ArraySegment<byte> Locate(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return ArraySegment<byte>.Empty;
        if (_held.Find(part, out var start) is { } buffer) return new ArraySegment<byte>(buffer.Array, start, part.Length);
        return Loop.ReceiveBuffer.AsSpan().Overlaps(part, out start)
            ? new ArraySegment<byte>(Loop.ReceiveBuffer, start, part.Length)
            : throw new ArgumentException("not a part of what is being received", nameof(part));
    }

    /// <summary>Keeps a part of the data that <see cref="OnData"/> is being given, without copying it where that is possible.</summary>
    public SharedSlice Keep(ReadOnlySpan<byte> part)
    {
        if (_held.Find(part, out var start) is not { } buffer) return SharedSlice.Copy(Loop.Buffers, part);
        buffer.Retain();
        return new SharedSlice(buffer, start, part.Length);
    }

    /// <summary>What was written to <see cref="Output"/> goes out at the end of this iteration.</summary>
    protected void MarkDirty()
    {
        if (_dirty) return;
        _dirty = true;
        Loop.MarkDirty(this, order);
    }

    /// <summary>Reads no more until <see cref="ResumeReading"/>; what was received is kept.</summary>
    protected void PauseReading()
    {
        _paused = true;
        UpdateInterest();
    }

    /// <summary>Reads again, beginning with what was kept, in the next iteration.</summary>
    protected void ResumeReading()
    {
        if (!_paused) return;
        _paused = false;
        _lastReceived = Loop.Now;
        if (HasHeldInput) Loop.Defer(this);
        else UpdateInterest();
    }

    /// <summary>Lets it have the buffer that <see cref="MayHold"/> refused, and read again.</summary>
    public void Admit()
    {
        if (_refused > 0 && IsOpen) _held.Grow(_refused);
        _refused = 0;
        ResumeReading();
    }

    protected void Close(Exception? cause)
    {
        if (_socket is null) return;
        Loop.Unregister(_fd);
        OnClosing(_socket);
        _socket.Dispose();
        _socket = null;
        Output.Clear();
        _held.Release();
        Needed = 0;
        OnClosed(cause);
    }

    void IEventHandler.OnReady(Readiness readiness)
    {
        if (_connecting)
        {
            FinishConnect();
            return;
        }

        if ((readiness & Readiness.Writable) != 0) MarkDirty();
        if ((readiness & Readiness.Readable) != 0 && !_paused && !_ended)
        {
            Receive();
        }
        else if ((readiness & (Readiness.Error | Readiness.HangUp)) != 0)
        {
            Close(new SocketException((int)SocketError.ConnectionReset));
        }
    }

    public void OnFault(Exception exception) => Close(exception);

    /// <summary>Offers the kept input again.</summary>
    internal void Resume()
    {
        if (_socket is null || _paused || !HasHeldInput) return;
        Needed = 0;
        var consumed = OnData(_held.Bytes);
        if (_socket is null) return;
        _held.Consume(consumed);
        UpdateInterest();
        OnResumed();
    }

    internal void Flush()
    {
        var isWritable = _socket is not null && !_connecting;
        if (isWritable) OnFlushing();
        _dirty = false;
        if (!isWritable) return;
        while (Output.Length > 0)
        {
            var sent = Send(_socket!, out var error);
            if (error == SocketError.WouldBlock) break;
            if (error != SocketError.Success)
            {
                Close(new SocketException((int)error));
                return;
            }

            Output.Consume(sent);
            OnTransferred(received: 0, sent);
            if ((_interest & Readiness.Writable) != 0) _lastTaken = Loop.Now;
        }

        // From now on it is waited for.
        if (Output.Length > 0 && (_interest & Readiness.Writable) == 0) _lastTaken = Loop.Now;
        UpdateInterest();
        if (Output.Length == 0) OnDrained();
    }

    private int Send(Socket socket, out SocketError error)
    {
        if (!Output.IsChain) return socket.Send(Output.Head, SocketFlags.None, out error);
        var pieces = Loop.Pieces;
        Output.Gather(pieces, EventLoop.MaxPieces);
        var sent = socket.Send(pieces, SocketFlags.None, out error);
        pieces.Clear();
        return sent;
    }

    private void FinishConnect()
    {
        var error = (int)_socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != 0)
        {
            Close(new SocketException((int)SocketError.ConnectionRefused));
            return;
        }

        _connecting = false;
        UpdateInterest();
        if (Output.Length > 0) MarkDirty();
        OnConnected();
    }

    private void Receive()
    {
        if (Math.Max(_held.Length + 1, Needed) > LargestCopied)
        {
            ReceiveInPlace();
            return;
        }

        // A small remainder moves to the front of the loop's buffer, so that every read is a full-sized one.
        var buffer = Loop.ReceiveBuffer.AsSpan();
        var kept = _held.Length;
        _held.Bytes.CopyTo(buffer);
        if (!TryReceive(buffer[kept..ReceiveSize], out var received)) return;
        var data = buffer[..(kept + received)];
        Needed = 0;
        var consumed = OnData(data);
        if (_socket is not null) Hold(data[consumed..]);
    }

    private void ReceiveInPlace()
    {
        var size = Needed > _held.Length ? Needed : _held.Length + LargestCopied;
        if (!_held.HasRoomFor(size))
        {
            if (!TryHold(size)) return;
            _held.Grow(size);
        }

        if (!TryReceive(_held.Free, out var received)) return;
        _held.Add(received);
        if (_held.Length < Needed) return;
        Needed = 0;
        var consumed = OnData(_held.Bytes);
        if (_socket is not null) _held.Consume(consumed);
    }

    private bool TryHold(int size)
    {
        if (MayHold(size)) return true;
        _refused = size;
        PauseReading();
        return false;
    }

    private bool TryReceive(Span<byte> buffer, out int received)
    {
        received = _socket!.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success)
        {
            Close(new SocketException((int)error));
            return false;
        }

        _lastReceived = Loop.Now;
        OnTransferred(received, sent: 0);
        if (received > 0) return true;
        _ended = true;
        UpdateInterest();
        OnEndOfInput();
        return false;
    }

    private void Hold(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            _held.Release();
            return;
        }

        // Room for what is known to come, so that a large value is received in place.
        var size = Math.Max(rest.Length, Needed);
        if (size > LargestCopied && !_paused && !_held.CanHold(size) && !TryHold(size)) size = rest.Length;
        _held.Hold(rest, size);
    }

    private void UpdateInterest()
    {
        if (_socket is null || _connecting) return;
        var interest = (_paused || _ended ? Readiness.None : Readiness.Readable) | (Output.Length > 0 ? Readiness.Writable : Readiness.None);
        if (interest == _interest) return;
        _interest = interest;
        Loop.ChangeInterest(_fd, interest);
    }
}
