using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>
/// A non-blocking stream socket of an <see cref="EventLoop"/>. It hands over what arrives as spans, keeps what was not
/// consumed, and writes once per iteration. A subclass may attach a new socket after the old one is closed.
/// </summary>
internal abstract class Connection(EventLoop loop, FlushOrder order) : IEventHandler
{
    private Socket? _socket;
    private int _fd;
    private Readiness _interest;
    private bool _connecting;
    private bool _dirty;
    private bool _paused;
    private bool _ended;
    private byte[]? _held;
    private int _heldStart;
    private int _heldEnd;

    public bool IsOpen => _socket is not null;

    /// <summary>This side's address, while connected.</summary>
    protected IPEndPoint LocalEndPoint => (IPEndPoint)_socket!.LocalEndPoint!;

    protected EventLoop Loop { get; } = loop;

    protected OutputBuffer Output { get; } = new(loop.Buffers);

    /// <summary>What <see cref="OnData"/> needs in one piece, counted from its first unconsumed byte, before another call makes sense; 0 when unknown.</summary>
    protected int Needed { get; set; }

    /// <summary>Whether bytes that were received wait for <see cref="OnData"/>.</summary>
    protected bool HasHeldInput => _heldEnd > _heldStart;

    /// <summary>Loop time when the peer last sent or took something.</summary>
    protected long LastProgress { get; private set; }

    /// <summary>Called with everything received and not consumed so far.</summary>
    /// <returns>How many bytes were consumed.</returns>
    protected abstract int OnData(ReadOnlySpan<byte> data);

    /// <summary>Bytes came or went.</summary>
    protected virtual void OnTransferred(int received, int sent)
    {
    }

    /// <summary>The peer will send nothing more.</summary>
    protected virtual void OnEndOfInput() => Close(null);

    /// <summary>The connection is gone; <paramref name="cause"/> is null when the peer or this side closed it in an orderly way.</summary>
    protected abstract void OnClosed(Exception? cause);

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
        _paused = _ended = false;
        LastProgress = Loop.Now;
        _interest = connecting ? Readiness.Writable : Readiness.Readable;
        Loop.Register(_fd, this, _interest);
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
        UpdateInterest();
        if (HasHeldInput) Loop.Defer(this);
    }

    protected void Close(Exception? cause)
    {
        if (_socket is null) return;
        Loop.Unregister(_fd);
        _socket.Dispose();
        _socket = null;
        Output.Clear();
        ReleaseHeld();
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
        var consumed = OnData(_held.AsSpan(_heldStart, _heldEnd - _heldStart));
        if (_socket is null) return;
        ConsumeHeld(consumed);
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
            var sent = _socket!.Send(Output.Head, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) break;
            if (error != SocketError.Success)
            {
                Close(new SocketException((int)error));
                return;
            }

            Output.Consume(sent);
            LastProgress = Loop.Now;
            OnTransferred(received: 0, sent);
        }

        UpdateInterest();
        if (Output.Length == 0) OnDrained();
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
        var kept = _heldEnd - _heldStart;
        if (Math.Max(kept, Needed) > EventLoop.ReceiveBufferSize / 2)
        {
            ReceiveIntoHeld(kept);
            return;
        }

        // A small remainder moves to the front of the loop's buffer, so that every read is a full-sized one.
        var buffer = Loop.ReceiveBuffer.AsSpan();
        _held.AsSpan(_heldStart, kept).CopyTo(buffer);
        if (!TryReceive(buffer[kept..], out var received)) return;
        var data = buffer[..(kept + received)];
        Needed = 0;
        var consumed = OnData(data);
        if (_socket is null) return;
        Hold(data[consumed..]);
    }

    private void ReceiveIntoHeld(int kept)
    {
        var size = Math.Max(Needed, kept + (EventLoop.ReceiveBufferSize / 2));
        if (_held is null || _held.Length - _heldStart < size)
        {
            var larger = Loop.Buffers.Rent(size);
            _held.AsSpan(_heldStart, kept).CopyTo(larger);
            ReleaseHeld();
            (_held, _heldEnd) = (larger, kept);
        }

        if (!TryReceive(_held.AsSpan(_heldEnd), out var received)) return;
        _heldEnd += received;
        if (_heldEnd - _heldStart < Needed) return;
        Needed = 0;
        var consumed = OnData(_held.AsSpan(_heldStart, _heldEnd - _heldStart));
        if (_socket is not null) ConsumeHeld(consumed);
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

        LastProgress = Loop.Now;
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
            ReleaseHeld();
            return;
        }

        // Room for what is known to come, so that a large value is received in place.
        var size = Math.Max(rest.Length, Needed);
        if (_held is null || _held.Length < size)
        {
            ReleaseHeld();
            _held = Loop.Buffers.Rent(size);
        }

        rest.CopyTo(_held);
        (_heldStart, _heldEnd) = (0, rest.Length);
    }

    private void ConsumeHeld(int consumed)
    {
        _heldStart += consumed;
        if (_heldStart == _heldEnd) ReleaseHeld();
    }

    private void ReleaseHeld()
    {
        if (_held is not null) Loop.Buffers.Return(_held);
        _held = null;
        _heldStart = _heldEnd = 0;
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
