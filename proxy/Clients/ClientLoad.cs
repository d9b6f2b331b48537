using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Clients;

/// <summary>What one client has under way and has had so far, and how much more it may begin.</summary>
/// <param name="worker">Whose client it is.</param>
internal struct ClientLoad(Worker worker)
{
    // Large, so that not very much is under way before it shows what the answers are like.
    private const long UnknownAnswer = 64 << 10;

    private long _written;
    private long _writtenBefore;
    private long _typicalAnswer = UnknownAnswer;
    private long _begun;
    private long _inputFrom;
    private long _usualTurn = Turns.Quantum;
    private long _turn;
    private long _lead = long.MinValue;

    /// <summary>Keys.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Whether a request of it has been carried out: nothing is known of it before.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Bytes that requests under way hold.</summary>
    public long BytesUnderWay { get; private set; }

    /// <summary>What it has had of the proxy so far: bytes, of its requests while they were under way and of their answers.</summary>
    public readonly long Spent => _begun + _written;

    /// <summary>Bytes that a request of this client takes while it is under way, as far as its last answers tell.</summary>
    public readonly long TypicalRequest => MemoryGuard.RequestSize + _typicalAnswer;

    /// <summary>Whether others come first now.</summary>
    public readonly bool IsTurnOver => worker.Turns.AreHeldUp || (_turn <= 0 && !worker.Turns.AreOpen);

    /// <summary>Its turn has come: others wait for what it leaves.</summary>
    public void BeginTurn() => _turn = Turns.Quantum;

    /// <summary>It has no more input for now: the rest of the turn is for others.</summary>
    public void EndTurn() => _turn = 0;

    /// <summary>Its next input begins, which is likely to ask for as much as the last one did.</summary>
    public void BeginInput()
    {
        if (Spent == _inputFrom) return;
        _usualTurn = Math.Min(Spent - _inputFrom, Turns.Quantum);
        _inputFrom = Spent;
    }

    public void Begin(Operation operation)
    {
        UnderWay += operation.Keys;
        BytesUnderWay += operation.Weight;
        _begun += operation.Weight + ((long)operation.Keys * MemoryGuard.RequestSize);
        _turn -= operation.Weight + (operation.Keys * TypicalRequest);
    }

    public void End(Operation operation)
    {
        UnderWay -= operation.Keys;
        BytesUnderWay -= operation.Weight;
        var size = _written - _writtenBefore;
        if (operation.Keys > 1) size /= operation.Keys;
        _typicalAnswer += (size - _typicalAnswer) / 8;
        _writtenBefore = _written;
        IsKnown = true;
    }

    /// <summary>A request under way holds more than it did.</summary>
    public void AddWeight(int bytes) => BytesUnderWay += bytes;

    public void AddWritten(long bytes) => _written += bytes;

    /// <summary>How many keys more it may ask for now; one always can.</summary>
    /// <param name="unsent">Bytes of answers that it has not taken.</param>
    public readonly int Allowance(long unsent)
    {
        var burden = Burden(unsent);
        var keys = Math.Min(worker.Settings.MaxRequestsPerClient - UnderWay, (worker.Settings.MaxClientBacklog - burden) / Math.Max(_typicalAnswer, 1));
        if (_turn > 0) keys = Math.Min(keys, _turn / TypicalRequest);
        if (worker.Memory.IsShort) keys = Math.Min(keys, (worker.Memory.Share - burden) / TypicalRequest - UnderWay);
        return (int)Math.Max(keys, 1);
    }

    /// <summary>Whether it has as much as it may.</summary>
    /// <param name="unsent">Bytes of answers that it has not taken.</param>
    /// <param name="part">1 for what is allowed; 2 for half of it: who was held back goes on with more than one request.</param>
    public readonly bool HasReached(long unsent, int part)
    {
        var burden = Burden(unsent);
        return UnderWay * part >= worker.Settings.MaxRequestsPerClient
            || burden * part >= worker.Settings.MaxClientBacklog
            || (worker.Memory.IsShort && (burden + ((long)UnderWay * MemoryGuard.RequestSize)) * part >= worker.Memory.Share);
    }

    /// <summary>Its place among those that wait: behind others by what it has had since it was level with those that go on now.</summary>
    /// <param name="now">Where those that go on now began.</param>
    public TurnPlace PlaceFrom(long now)
    {
        _lead = Math.Max(_lead, now - Spent);
        var begin = Spent + _lead;
        return new TurnPlace(begin, begin + Math.Clamp(Spent - _inputFrom, _usualTurn, Turns.Quantum));
    }

    // What is held for it, and what is likely to come.
    private readonly long Burden(long unsent) => unsent + BytesUnderWay + (UnderWay * _typicalAnswer);
}
