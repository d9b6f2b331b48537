using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Keys;

namespace CacheOperator.Consistency.Checking;

/// <summary>What happened to one key in one round.</summary>
internal sealed class KeyHistory
{
    private readonly Dictionary<long, WriteRecord> _writes = [];
    private readonly List<Operation> _unknownCounts;

    /// <param name="key">The key.</param>
    /// <param name="before">What its replicas held when the round began.</param>
    /// <param name="operations">Of the key, in any order.</param>
    /// <param name="flushes">Of everything.</param>
    public KeyHistory(Key key, IReadOnlyList<SnapshotItem?> before, IEnumerable<Operation> operations, IReadOnlyList<Operation> flushes)
    {
        Key = key;
        Before = [.. before.OfType<SnapshotItem>().DistinctBy(item => item.Mark)];
        Operations = [.. operations.OrderBy(operation => operation.Began)];
        Flushes = flushes;
        _unknownCounts = [.. Operations.Where(operation => operation is { Kind: OperationKind.Count, Outcome: Outcome.Unknown })];
        foreach (var item in Before)
            _writes[item.Mark] = new WriteRecord { Mark = item.Mark, Began = long.MinValue, Made = long.MinValue, Version = item.Version };
        foreach (var operation in Operations) Record(operation);
        foreach (var operation in Operations.Where(operation => operation is { IsRead: true, Mark: > 0 }))
        {
            if (Find(operation.Mark, operation.Ended) is { } write) write.Made = Math.Min(write.Made, operation.Ended);
        }

        Overwrites = [.. Operations.Where(operation => operation is { Overwrites: true, Outcome: Outcome.Done }), .. flushes.Where(IsEffective)];
    }

    public Key Key { get; }

    public IReadOnlyList<SnapshotItem> Before { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public IReadOnlyList<Operation> Flushes { get; }

    /// <summary>What nothing older may survive.</summary>
    public IReadOnlyList<Operation> Overwrites { get; }

    /// <summary>The write that left this mark, as far as it may have by then; null when there is none.</summary>
    public WriteRecord? Find(long mark, long by)
    {
        if (_writes.TryGetValue(mark, out var write)) return write;

        // A count that was not answered gives a number that nobody was told.
        return _unknownCounts.FirstOrDefault(count => count.Began <= by) is not { } unknown ? null
            : _writes[mark] = new WriteRecord { Operation = unknown, Mark = mark, Began = unknown.Began, Made = by };
    }

    // memcached counts in whole seconds: what was used shortly before a flush may survive it.
    private bool IsEffective(Operation flush) => flush.Outcome == Outcome.Done
        && !Operations.Any(operation => operation.Began < flush.Ended && (operation.Ended == Operation.Never || operation.Ended > flush.Began - Promises.FlushGranularity));

    private void Record(Operation operation)
    {
        if (operation.Kind == OperationKind.Count && operation.Outcome == Outcome.Done)
        {
            Record(operation, operation.Mark);
        }
        else if (operation.Stores)
        {
            Record(operation, Values.MarkOf(Key, operation.Write));
        }
        else if (operation.Kind == OperationKind.Append)
        {
            Record(operation, operation.Write);
        }
    }

    private void Record(Operation operation, long mark) => _writes.TryAdd(
        mark, new WriteRecord { Operation = operation, Mark = mark, Began = operation.Began, Made = operation.Ended, Version = operation.Version });
}
