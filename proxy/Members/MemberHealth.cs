namespace CacheOperator.Proxy.Members;

/// <summary>
/// The writes that a member missed in one epoch. A new epoch brings a new object, so that a failure counts in the epoch
/// that the event loop which sees it has applied.
/// </summary>
internal sealed class MemberHealth(MemberRecord record, long epoch)
{
    private long _missedWrites;

    public MemberRecord Record { get; } = record;

    public long Epoch { get; } = epoch;

    public long MissedWrites => Volatile.Read(ref _missedWrites);

    public void CountMissedWrite() => Interlocked.Increment(ref _missedWrites);
}
