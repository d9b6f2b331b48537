using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>
/// A non-blocking stream socket of an <see cref="EventLoop"/>. It hands over what arrives as spans, keeps what was not
/// consumed, and writes once per iteration. A subclass may attach a new socket after the old one is closed.
/// </summary>
internal abstract class Connection(EventLoop loop, FlushOrder order) : IEventHandler
{
    private PolledSocket _socket = new(loop);
    private InputBuffer _input = new(loop, order);
    private bool _connecting;
    private bool _dirty;
    private bool _paused;
    private bool _ended;
    private int _refused;
    private long _lastReceived;
    private long _lastTaken;

    public bool IsOpen => _socket.IsOpen;

    /// <summary>This side's address, while connected.</summary>
    protected IPEndPoint LocalEndPoint => _socket.LocalEndPoint;

    /// <summary>Bytes of input and output that it keeps in memory.</summary>
    protected long Kept => Output.Size + _input.Size;

    /// <summary>
    /// Loop time since when the peer has owed a part of what it began to send, or has taken nothing of what there is for it;
    /// <see cref="long.MaxValue"/> if neither is so.
    /// </summary>
    public long StuckSince =>
        Math.Min(AwaitsTaking ? _lastTaken : long.MaxValue, AwaitsMore ? _lastReceived : long.MaxValue);

    /// <summary>Whether the peer has sent or taken something that this loop has not come to yet.</summary>
    public bool HasProgress =>
        IsOpen && ((AwaitsTaking && _socket.IsReady(SelectMode.SelectWrite)) || (AwaitsMore && _socket.IsReady(SelectMode.SelectRead)));

    protected EventLoop Loop { get; } = loop;

    protected OutputBuffer Output { get; } = new(loop.Buffers);

    /// <summary>What <see cref="OnData"/> needs in one piece, counted from its first unconsumed byte, before another call makes sense; 0 when unknown.</summary>
    protected int Needed
    {
        get => _input.Needed;
        set => _input.Needed = value;
    }

    /// <summary>Whether something was received and waits for <see cref="OnData"/>.</summary>
    protected bool HasHeldInput => _input.Length > 0;

    /// <summary>Whether it is not read from for now.</summary>
    protected bool IsPaused => _paused;

    /// <inheritdoc cref="InputBuffer.IsReceivingLarge"/>
    protected bool IsReceivingLarge => _input.IsReceivingLarge;

    /// <summary>Loop time when the peer last sent something, or took something that it had been waited for.</summary>
    protected long LastProgress => Math.Max(_lastReceived, _lastTaken);

    // What was written in this iteration has not been offered to the peer yet.
    private bool AwaitsTaking => _socket.Awaits(Readiness.Writable);

    private bool AwaitsMore => HasHeldInput && !_paused;

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
        _connecting = connecting;
        (_paused, _ended, _refused) = (false, false, 0);
        _lastReceived = _lastTaken = Loop.Now;
        _socket.Open(socket, this, connecting ? Readiness.Writable : Readiness.Readable);
    }

    /// <summary>Where a part of the data lies that <see cref="OnData"/> is being given. Only good until that returns.</summary>
    public ArraySegment<byte> Locate(ReadOnlySpan<byte> part) => _input.Locate(part);

    /// <summary>Keeps a part of the data that <see cref="OnData"/> is being given, without copying it where that is possible.</summary>
    public SharedSlice Keep(ReadOnlySpan<byte> part) => _input.Keep(part);

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
        if (_refused > 0 && IsOpen) _input.Grow(_refused);
        _refused = 0;
        ResumeReading();
    }

    protected void Close(Exception? cause)
    {
        if (!IsOpen) return;
        using (var socket = _socket.Release()) OnClosing(socket);
        Output.Clear();
        _input.Clear();
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
        if (!IsOpen || _paused || !HasHeldInput) return;
        Needed = 0;
        var consumed = OnData(_input.Bytes);
        if (!IsOpen) return;
        _input.Consume(consumed);
        UpdateInterest();
        OnResumed();
    }

    internal void Flush()
    {
        var isWritable = IsOpen && !_connecting;
        if (isWritable) OnFlushing();
        _dirty = false;
        if (!isWritable) return;
        while (Output.Length > 0)
        {
            var sent = _socket.Send(Output, out var error);
            if (error == SocketError.WouldBlock) break;
            if (error != SocketError.Success)
            {
                Close(new SocketException((int)error));
                return;
            }

            Output.Consume(sent);
            OnTransferred(received: 0, sent);
            if (AwaitsTaking) _lastTaken = Loop.Now;
        }

        // From now on it is waited for.
        if (Output.Length > 0 && !AwaitsTaking) _lastTaken = Loop.Now;
        UpdateInterest();
        if (Output.Length == 0) OnDrained();
    }

    private void FinishConnect()
    {
        if (_socket.ConnectResult() != SocketError.Success)
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
        var isInPlace = _input.IsInPlace;
        if (_input.MissingRoom is > 0 and var size)
        {
            if (!TryHold(size)) return;
            _input.Grow(size);
        }

        if (!TryReceive(_input.Room(), out var received)) return;
        var data = _input.Add(received);
        if (data.IsEmpty) return;
        var consumed = OnData(data);
        if (!IsOpen) return;
        if (isInPlace) _input.Consume(consumed);
        else Hold(data[consumed..]);
    }

    private void Hold(ReadOnlySpan<byte> rest)
    {
        var large = _input.LargeRoomFor(rest);
        _input.Hold(rest, withRoom: large == 0 || _paused || TryHold(large));
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
        received = _socket.Receive(buffer, out var error);
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

    private void UpdateInterest()
    {
        if (!IsOpen || _connecting) return;
        _socket.Await((_paused || _ended ? Readiness.None : Readiness.Readable) | (Output.Length > 0 ? Readiness.Writable : Readiness.None));
    }
}
