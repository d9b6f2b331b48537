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
    private readonly PipelineOrder _order = new();
    private ClientLoad _load;
    private long _swallow;
    private CommandKind _listKind;
    private int _listExptime;
    private int _listLength;
    private bool _isHeldBack;
    private bool _waitsForTurn;
    private bool _isIncomplete;
    private bool _hasSpoken;
    private bool _inputEnded;
    private bool _isLeaving;

    public ClientConnection(Worker worker, Socket socket)
        : base(worker.Loop, FlushOrder.Clients)
    {
        _worker = worker;
        _load = new ClientLoad(worker);
        Answers = new AnswerStream(this, Output);
        Attach(socket, connecting: false);
    }

    public AnswerStream Answers { get; }

    /// <summary>Whether nothing more is to be begun for this client now.</summary>
    internal bool IsOverloaded => _load.IsTurnOver || HasReached(1);

    /// <inheritdoc cref="ClientLoad.Spent"/>
    internal long Spent => _load.Spent;

    /// <summary>Bytes of memory that are held for this client.</summary>
    internal long Holds => Kept + _load.BytesUnderWay;

    /// <summary>How many keys more this client may ask for now; one always can.</summary>
    internal int Allowance => _load.Allowance(Output.Length);

    /// <inheritdoc cref="ClientLoad.IsKnown"/>
    internal bool IsKnown => _load.IsKnown;

    /// <inheritdoc cref="ClientLoad.TypicalRequest"/>
    internal long TypicalRequest => _load.TypicalRequest;

    /// <summary>So many bytes of answers have been written.</summary>
    public void OnAnswering(long length)
    {
        _load.AddWritten(length);
        MarkDirty();
    }

    /// <summary>An operation holds more for this client than it did.</summary>
    public void AddWeight(int bytes) => _load.AddWeight(bytes);

    /// <summary>Runs an operation; its answer gets the next place. A quiet one has none, but what follows is not answered before it is done.</summary>
    public void Run(Operation operation, bool quiet)
    {
        _load.Begin(operation);
        _order.Add(operation);
        Answers.Add(operation, quiet);
        operation.Run();
    }

    /// <summary>Begins to retrieve a list of keys; it goes on when the client can take more.</summary>
    public void Retrieve(in ClientCommand command)
    {
        (_listKind, _listExptime) = (command.Kind, command.Exptime);
        _listLength = _worker.Commands.Retrieve(this, command.Kind, command.Exptime, command.Key).Length;
    }

    /// <summary>Gives an answer that needs no member, in its turn.</summary>
    public void Reply(ReadOnlySpan<byte> reply)
    {
        if (Answers.First is null)
        {
            Answers.Send(reply);
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
        if (_load.UnderWay > 0 || LastProgress > since) return false;
        Close(null);
        return true;
    }

    /// <summary>An operation has its answer.</summary>
    internal void OnDone(Operation operation)
    {
        GoOn();
        Answers.OnDone(operation);
    }

    /// <summary>No member owes the operation anything any more.</summary>
    internal void OnOver(Operation operation)
    {
        _load.End(operation);
        _order.Remove(operation);
        GoOn();
        CloseIfIdle();
    }

    /// <summary>What held the client back may be over.</summary>
    internal void GoOn()
    {
        if (!_isHeldBack || _waitsForTurn || HasReached(2)) return;
        _isHeldBack = false;
        ResumeReading();
    }

    /// <summary>It has waited for this in <see cref="Turns"/>.</summary>
    internal void TakeTurn()
    {
        _waitsForTurn = false;
        _load.BeginTurn();
        GoOn();
    }

    /// <inheritdoc cref="ClientLoad.PlaceFrom"/>
    internal TurnPlace PlaceFrom(long now) => _load.PlaceFrom(now);

    protected override int OnData(ReadOnlySpan<byte> data)
    {
        _isIncomplete = false;
        if (!_hasSpoken && BinaryProtocol.IsRequest(data)) return RefuseBinary(data);
        _hasSpoken = true;
        _load.BeginInput();
        var consumed = TakeCommands(data);
        _load.EndTurn();
        return consumed;
    }

    protected override void OnTransferred(int received, int sent)
    {
        _worker.Metrics.BytesRead += received;
        _worker.Metrics.BytesWritten += sent;
    }

    protected override bool MayHold(int size) => _worker.Memory.MayHold(this, size);

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
        Answers.Abandon();
        _worker.OnClientClosed(this);
    }

    private int TakeCommands(ReadOnlySpan<byte> data)
    {
        var consumed = 0;
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
                if (!HasReached(1)) WaitForTurn();
                break;
            }

            if (_listLength > 0)
            {
                consumed += GoOnRetrieving(data[consumed..]);
                continue;
            }

            if (!ClientParser.TryParse(data[consumed..], _worker.Settings.MaxItemSize, out var command, out var used, out var needed))
            {
                Needed = needed;
                _isIncomplete = true;
                break;
            }

            if (_order.MustWait(command, Answers.First))
            {
                HoldBack();
                break;
            }

            consumed += used;
            _swallow = command.Swallow;
            _worker.Commands.Execute(this, command);
            if (_listLength > 0) consumed -= _listLength + LineEnd(data[..consumed]);
        }

        return consumed;
    }

    // What is left of a list is left in the input.
    private int GoOnRetrieving(ReadOnlySpan<byte> data)
    {
        var length = _listLength;
        _listLength = _worker.Commands.Retrieve(this, _listKind, _listExptime, data[..length]).Length;
        return _listLength > 0 ? length - _listLength : length + (data[length] == '\r' ? 2 : 1);
    }

    private static int LineEnd(ReadOnlySpan<byte> line) => line is [.., (byte)'\r', _] ? 2 : 1;

    /// <inheritdoc cref="ClientLoad.HasReached"/>
    private bool HasReached(int part) => _load.HasReached(Output.Length, part);

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

    private void HoldBack()
    {
        _isHeldBack = true;
        PauseReading();
    }

    private void WaitForTurn()
    {
        if (_waitsForTurn) return;
        _waitsForTurn = true;
        _worker.Turns.Wait(this);
    }

    private void CloseIfIdle()
    {
        var isFinished = _isLeaving || (_inputEnded && (!HasHeldInput || _isIncomplete));
        if (isFinished && _load.UnderWay == 0 && Output.Length == 0) Close(null);
    }
}
