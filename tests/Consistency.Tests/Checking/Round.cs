using CacheOperator.Consistency.Checking;
using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Fleets;
using CacheOperator.Consistency.Keys;

namespace CacheOperator.Consistency.Tests.Checking;

/// <summary>A made-up history of one key. Moments are milliseconds.</summary>
internal sealed class Round(KeyFamily family = KeyFamily.Hot)
{
    public static readonly ProxyRun One = new("proxy-1", 1);
    public static readonly ProxyRun Two = new("proxy-2", 1);

    private readonly Key _key = new("key", family, 0);
    private readonly List<Operation> _operations = [];
    private readonly List<SnapshotItem?> _before = [];
    private readonly List<Operation> _flushes = [];

    public Conditions Conditions { get; } = new();

    /// <summary>Whether members have been compared before they are looked at.</summary>
    public bool IsCompared { get; init; }

    /// <summary>Unix seconds at which the items of the members expire, in their order; never, where nothing is said.</summary>
    public long[] Expiries { get; init; } = [];

    public Round Before(params long?[] marks) => Before([], marks);

    public Round Before(long[] expiries, params long?[] marks)
    {
        _before.AddRange(Items(marks, expiries));
        return this;
    }

    public Round Write(OperationKind kind, long mark, int began, int? ended, ProxyRun proxy, ulong token = 0, Outcome outcome = Outcome.Done)
    {
        var operation = Operation(kind, began, ended, proxy, outcome, mark, token);
        operation.Mark = mark;
        return Add(operation);
    }

    public Round Delete(int began, int? ended, ProxyRun proxy, Outcome outcome = Outcome.Done) => Add(Operation(OperationKind.Delete, began, ended, proxy, outcome));

    /// <summary>A touch that found nothing.</summary>
    public Round TouchNothing(int began, ProxyRun proxy) => Touch(began, proxy, 4, Outcome.Refused);

    public Round Touch(int began, ProxyRun proxy, int exptime, Outcome outcome) =>
        Add(Operation(OperationKind.Touch, began, outcome == Outcome.Unknown ? null : began + 1, proxy, outcome, exptime: exptime));

    public Round Flush(int began, ProxyRun proxy)
    {
        _flushes.Add(Operation(OperationKind.Flush, began, began + 1, proxy, Outcome.Done));
        return this;
    }

    public Round Read(long mark, int began, ProxyRun proxy, ulong version = 0)
    {
        var operation = Operation(OperationKind.Get, began, began + 1, proxy, mark == 0 ? Outcome.Refused : Outcome.Done);
        (operation.Mark, operation.Version) = (mark, version);
        return Add(operation);
    }

    /// <summary>What is wrong with it; in the end the members hold these marks.</summary>
    public Findings Check(params long?[] atRest)
    {
        var findings = new Findings();
        var promises = new Promises(Conditions, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3)) { AreCompared = IsCompared };
        var history = new KeyHistory(_key, _before, _operations, _flushes, promises);
        ReadCheck.Run(history, promises, findings);
        DecisionCheck.Run(history, promises, findings);
        if (atRest.Length > 0) RestCheck.Run(history, [.. Items(atRest, Expiries)], 1_000_000_000, promises, findings);
        return findings;
    }

    private static IEnumerable<SnapshotItem?> Items(long?[] marks, long[] expiries) =>
        marks.Select(Item).Select((item, zone) => zone < expiries.Length ? item! with { Expiry = expiries[zone] } : item);

    private static SnapshotItem? Item(long? mark) => mark is { } number ? new SnapshotItem(number, (ulong)number, 0, -1, $"{number}") : null;

    private Operation Operation(OperationKind kind, int began, int? ended, ProxyRun proxy, Outcome outcome, long write = 0, ulong token = 0, int exptime = 0) => new()
    {
        Kind = kind,
        Key = _key,
        Text = $"{kind} {write}",
        Write = write,
        Token = token,
        Exptime = exptime,
        Client = "client",
        Proxy = proxy,
        Began = began * 1000L,
        Ended = ended is { } moment ? moment * 1000L : Clients.Operation.Never,
        Outcome = ended is null ? Outcome.Unknown : outcome,
    };

    private Round Add(Operation operation)
    {
        _operations.Add(operation);
        return this;
    }
}
