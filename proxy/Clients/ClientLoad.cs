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
    private long _turnEnd;
    private long _lead;
    private bool _isKnown;

    /// <summary>Keys.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Bytes that requests under way hold.</summary>
    public long BytesUnderWay { get; private set; }

    /// <summary>What it has had of the proxy so far: bytes, of its requests while they were under way and of their answers.</summary>
    public readonly long Spent => _begun + _written;

    /// <summary>Bytes that a request of this client takes while it is under way, as far as its last answers tell.</summary>
    public readonly long TypicalRequest => MemoryGuard.RequestSize + _typicalAnswer;

    /// <summary>Whether others come first now.</summary>
    public readonly bool IsTurnOver => worker.IsBusy || (worker.Turns.IsContended && Spent >= _turnEnd);

    public void BeginTurn() => _turnEnd = Spent + Turns.Quantum;

    public void Begin(Operation operation)
    {
        UnderWay += operation.Keys;
        BytesUnderWay += operation.Weight;
        _begun += operation.Weight + ((long)operation.Keys * MemoryGuard.RequestSize);
    }

    public void End(Operation operation)
    {
        UnderWay -= operation.Keys;
        BytesUnderWay -= operation.Weight;
        var size = _written - _writtenBefore;
        if (operation.Keys > 1) size /= operation.Keys;
        _typicalAnswer += (size - _typicalAnswer) / 8;
        _writtenBefore = _written;
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
        if (worker.Turns.IsContended) keys = Math.Min(keys, (_turnEnd - Spent) / MemoryGuard.RequestSize);
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

    /// <summary>
    /// Its place among those that wait: behind others by what it has had since it was level with those that go on now. Whoever is
    /// new has had a turn, as it were: else those that are thrown out and come back would always be ahead of those that stay.
    /// </summary>
    /// <param name="now">Their place.</param>
    public long PlaceFrom(long now)
    {
        var level = now - Spent;
        _lead = _isKnown ? Math.Max(_lead, level) : level + Turns.Quantum;
        _isKnown = true;
        return Spent + _lead;
    }

    // What is held for it, and what is likely to come.
    private readonly long Burden(long unsent) => unsent + BytesUnderWay + (UnderWay * _typicalAnswer);
}
