using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Keys;

namespace CacheOperator.Consistency.Checking;

/// <summary>What happened to one key in one round.</summary>
internal sealed class KeyHistory
{
    private readonly Dictionary<long, WriteRecord> _writes = [];
    private readonly List<Operation> _unknownCounts;
    private readonly List<SnapshotItem> _before;

    /// <param name="key">The key.</param>
    /// <param name="before">What its replicas held when the round began.</param>
    /// <param name="operations">Of the key, in any order.</param>
    /// <param name="flushes">Of everything.</param>
    /// <param name="promises">Tells how far a flush reaches.</param>
    public KeyHistory(Key key, IReadOnlyList<SnapshotItem?> before, IEnumerable<Operation> operations, IReadOnlyList<Operation> flushes, Promises promises)
    {
        Key = key;
        Before = [.. before.OfType<SnapshotItem>().DistinctBy(item => item.Mark)];
        BeganDivided = Before.Count > 1 || (Before.Count == 1 && before.Contains(null));
        _before = [.. before.OfType<SnapshotItem>()];
        Operations = [.. operations.OrderBy(operation => operation.Began)];
        Flushes = flushes;
        _unknownCounts = [.. Operations.Where(operation => operation is { Kind: OperationKind.Count, Outcome: Outcome.Unknown })];
        foreach (var item in Before)
            _writes[item.Mark] = new WriteRecord { Mark = item.Mark, Began = long.MinValue, Made = long.MinValue, Version = item.Version };
        foreach (var operation in Operations) Record(operation);
        foreach (var operation in Operations.Where(operation => operation is { IsRead: true, Mark: > 0 }))
        {
            if (Find(operation.Mark, operation.Ended) is { IsUnknown: true } write) write.Made = Math.Min(write.Made, operation.Ended + Promises.UnknownSettles);
        }

        Overwrites = [.. Operations.Where(operation => operation is { Overwrites: true, Outcome: Outcome.Done }), .. flushes.Where(flush => flush.Outcome == Outcome.Done && promises.IsThorough(flush, key.Shard) && !IsUsedBefore(flush))];
    }

    public Key Key { get; }

    public IReadOnlyList<SnapshotItem> Before { get; }

    /// <summary>Members held different things when the round began, as they may.</summary>
    public bool BeganDivided { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public IReadOnlyList<Operation> Flushes { get; }

    /// <summary>What nothing older may survive.</summary>
    public IReadOnlyList<Operation> Overwrites { get; }

    /// <summary>The write that left this mark, as far as it may have by then; null when there is none.</summary>
    public WriteRecord? Find(long mark, long by)
    {
        if (_writes.TryGetValue(mark, out var write)) return write;

        // A count that was not answered gives a number that nobody was told.
        return UnknownCount(by) is not { } unknown ? null
            : _writes[mark] = new WriteRecord { Operation = unknown, Mark = mark, Began = unknown.Began, Made = by + Promises.UnknownSettles };
    }

    /// <summary>Whether members let the same expire at different times already when the round began, and at no others than now.</summary>
    public bool WasApart(IReadOnlyList<SnapshotItem> replicas) =>
        _before.Exists(item => !item.ExpiresWith(_before[0], 0))
        && replicas.All(now => _before.Exists(item => item.IsSame(now, withExpiry: false) && item.ExpiresWith(now, Promises.LateExpirySeconds)));

    /// <summary>Whether a count that was not answered, and that others have then made once more, may have left any number by then.</summary>
    public bool MayHaveCounted(long by) => UnknownCount(by) is not null;

    private Operation? UnknownCount(long by) => _unknownCounts.FirstOrDefault(count => count.Began <= by);

    private bool IsUsedBefore(Operation flush) =>
        Operations.Any(operation => operation.Began < flush.Ended && (operation.Ended == Operation.Never || operation.Ended > flush.Began - Promises.FlushGranularity));

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

    private void Record(Operation operation, long mark)
    {
        if (_writes.TryGetValue(mark, out var twin))
        {
            // Two counts to one number, which DecisionCheck looks into: a reader cannot tell them apart.
            twin.IsAmbiguous = true;
            twin.Made = Math.Max(twin.Made, operation.Ended);
            return;
        }

        _writes[mark] = new WriteRecord { Operation = operation, Mark = mark, Began = operation.Began, Made = operation.Ended, Version = operation.Version };
    }
}
