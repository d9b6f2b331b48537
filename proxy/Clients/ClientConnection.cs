using System.Net.Sockets;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Clients;

/// <summary>
/// A client's connection: parses its commands, starts an <see cref="Operation"/> for each key, and gives the answers
/// in the order of the commands. It stops reading while too much of the client's is under way or not taken.
/// </summary>
internal sealed class ClientConnection : Connection
{
    private readonly Worker _worker;
    private Operation? _first;
    private Operation? _last;
    private List<Operation>? _ordered;
    private int _underWay;
    private long _bytesUnderWay;
    private long _swallow;
    private bool _isHeldBack;
    private bool _isIncomplete;
    private bool _hasSpoken;
    private bool _inputEnded;
    private bool _isLeaving;

    public ClientConnection(Worker worker, Socket socket)
        : base(worker.Loop, FlushOrder.Clients)
    {
        _worker = worker;
        Attach(socket, connecting: false);
    }

    /// <summary>Whether a part of the command that is being answered has failed: the answer ends with an error.</summary>
    public bool AnswerFailed { get; set; }

    private bool IsOverloaded =>
        _worker.IsCongested || _underWay >= _worker.Settings.MaxRequestsPerClient || _bytesUnderWay >= _worker.Settings.MaxClientBacklog || Output.Length >= _worker.Settings.MaxClientBacklog;

    /// <summary>Whether it is this operation's turn to be answered.</summary>
    public bool IsNext(Operation operation) => _first == operation;

    public Span<byte> Reserve(int size) => Output.GetSpan(size);

    public void Commit(int length)
    {
        Output.Advance(length);
        MarkDirty();
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        Output.Write(bytes);
        MarkDirty();
    }

    /// <summary>The last part of an answer that lists items has been written, or has failed.</summary>
    public void EndItems()
    {
        Send(AnswerFailed ? Replies.NoReplica : Replies.End);
        AnswerFailed = false;
    }

    /// <summary>Runs an operation; unless it is quiet, its answer gets the next place.</summary>
    public void Run(Operation operation, bool quiet)
    {
        _underWay++;
        _bytesUnderWay += operation.Weight;
        if (operation.IsOrdered) (_ordered ??= []).Add(operation);
        if (!quiet) Enqueue(operation);
        operation.Run();
    }

    /// <summary>Gives an answer that needs no member, in its turn.</summary>
    public void Reply(ReadOnlySpan<byte> reply)
    {
        if (_first is null)
        {
            Send(reply);
            return;
        }

        var answer = _worker.Pools.Answers.Rent();
        answer.Prepare(this, reply);
        Run(answer, quiet: false);
    }

    /// <summary>Finishes what is under way, answers it, and closes.</summary>
    public void Leave()
    {
        _isLeaving = true;
        CloseIfIdle();
    }

    public void Abort() => Close(null);

    /// <summary>Closes if it has been silent since then while nothing is under way.</summary>
    /// <param name="since">Loop time.</param>
    /// <returns>Whether it has been closed.</returns>
    public bool CloseIfSilent(long since)
    {
        if (_underWay > 0 || LastProgress > since) return false;
        Close(null);
        return true;
    }

    /// <summary>An operation has its answer.</summary>
    internal void OnDone(Operation operation)
    {
        if (_first != operation) return;
        while (_first is { IsDone: true } next)
        {
            _first = next.Next;
            if (_first is null) _last = null;
            next.Emit(this);
        }
    }

    /// <summary>No member owes the operation anything any more.</summary>
    internal void OnOver(Operation operation)
    {
        _underWay--;
        _bytesUnderWay -= operation.Weight;
        if (operation.IsOrdered) _ordered!.Remove(operation);
        GoOn();
        CloseIfIdle();
    }

    /// <summary>What held the client back may be over.</summary>
    internal void GoOn()
    {
        if (!_isHeldBack || IsOverloaded) return;
        _isHeldBack = false;
        ResumeReading();
    }

    protected override int OnData(ReadOnlySpan<byte> data)
    {
        var consumed = 0;
        _isIncomplete = false;
        if (!_hasSpoken && BinaryProtocol.IsRequest(data)) return RefuseBinary(data);
        _hasSpoken = true;
        while (consumed < data.Length && IsOpen)
        {
            if (_isLeaving) return data.Length;
            if (_swallow > 0)
            {
                var skipped = (int)Math.Min(_swallow, data.Length - consumed);
                _swallow -= skipped;
                consumed += skipped;
                continue;
            }

            if (IsOverloaded)
            {
                HoldBack();
                break;
            }

            if (!ClientParser.TryParse(data[consumed..], _worker.Settings.MaxItemSize, out var command, out var used, out var needed))
            {
                Needed = needed;
                _isIncomplete = true;
                break;
            }

            if (MustWait(command))
            {
                HoldBack();
                break;
            }

            consumed += used;
            _swallow = command.Swallow;
            _worker.Commands.Execute(this, command);
        }

        return consumed;
    }

    protected override void OnTransferred(int received, int sent)
    {
        _worker.Metrics.BytesRead += received;
        _worker.Metrics.BytesWritten += sent;
    }

    protected override void OnEndOfInput()
    {
        _inputEnded = true;
        CloseIfIdle();
    }

    protected override void OnResumed() => CloseIfIdle();

    protected override void OnDrained()
    {
        GoOn();
        CloseIfIdle();
    }

    protected override void OnClosed(Exception? cause)
    {
        if (cause is not (null or SocketException)) _worker.Log.ClientFault(cause);
        while (_first is { } operation)
        {
            _first = operation.Next;
            operation.Abandon();
        }

        _last = null;
        _worker.OnClientClosed(this);
    }

    private int RefuseBinary(ReadOnlySpan<byte> data)
    {
        if (data.Length < BinaryProtocol.HeaderLength)
        {
            (Needed, _isIncomplete) = (BinaryProtocol.HeaderLength, true);
            return 0;
        }

        _hasSpoken = true;
        _worker.Metrics.BinaryClients++;
        Reply(BinaryProtocol.Refuse(data));
        Leave();
        return data.Length;
    }

    private void Enqueue(Operation operation)
    {
        operation.IsQueued = true;
        if (_last is null)
        {
            _first = operation;
        }
        else
        {
            _last.Next = operation;
        }

        _last = operation;
    }

    private void HoldBack()
    {
        _isHeldBack = true;
        PauseReading();
    }

    // Operations that are decided in one place and spread afterwards would be overtaken by a later command for their key.
    private bool MustWait(in ClientCommand command)
    {
        if (_ordered is not { Count: > 0 }) return false;
        if (command.Kind == CommandKind.FlushAll) return true;
        if (command.Meta.IsBinaryKey) return MustWait(command.KeyHash);
        foreach (var key in new KeyList(command.Key))
        {
            if (MustWait(Routing.KeyHash.Of(key))) return true;
        }

        return false;
    }

    private bool MustWait(ulong hash)
    {
        foreach (var operation in _ordered!)
        {
            if (operation.Hash == hash) return true;
        }

        return false;
    }

    private void CloseIfIdle()
    {
        var isFinished = _isLeaving || (_inputEnded && (!HasHeldInput || _isIncomplete));
        if (isFinished && _underWay == 0 && Output.Length == 0) Close(null);
    }
}
