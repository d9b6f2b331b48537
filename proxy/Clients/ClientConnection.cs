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
    private CommandIntake _intake;
    private bool _isHeldBack;
    private bool _waitsForTurn;
    private bool _inputEnded;

    public ClientConnection(Worker worker, Socket socket)
        : base(worker.Loop, FlushOrder.Clients)
    {
        _worker = worker;
        _load = new ClientLoad(worker);
        _intake = new CommandIntake(this, worker);
        Answers = new AnswerStream(this, Output);
        Attach(socket, connecting: false);
    }

    public AnswerStream Answers { get; }

    /// <summary>Whether what it still sends is for nobody.</summary>
    public bool IsLeaving { get; private set; }

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

    /// <inheritdoc cref="CommandIntake.Retrieve"/>
    public void Retrieve(in ClientCommand command) => _intake.Retrieve(command);

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
        IsLeaving = true;
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

    /// <summary>Whether it may begin another command now. If not, it is not read from until it may.</summary>
    internal bool MayBegin()
    {
        if (!IsOverloaded) return true;
        HoldBack();
        if (!HasReached(1)) WaitForTurn();
        return false;
    }

    /// <summary>Whether it may begin this one before those under way are over.</summary>
    internal bool MayBegin(in ClientCommand command)
    {
        if (!_order.MustWait(command, Answers.First)) return true;
        HoldBack();
        return false;
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
        _load.BeginInput();
        var consumed = _intake.Take(data);
        Needed = _intake.Needed;
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

    /// <inheritdoc cref="ClientLoad.HasReached"/>
    private bool HasReached(int part) => _load.HasReached(Output.Length, part);

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
        var isFinished = IsLeaving || (_inputEnded && (!HasHeldInput || _intake.IsIncomplete));
        if (isFinished && _load.UnderWay == 0 && Output.Length == 0) Close(null);
    }
}
