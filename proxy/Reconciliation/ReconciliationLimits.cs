using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>How much a comparison of two members does, and how fast.</summary>
internal sealed record ReconciliationLimits
{
    /// <summary>Keys looked at in a second where sums differ: far less than any member can answer.</summary>
    public long KeysPerSecond { get; init; } = 10_000;

    /// <summary>
    /// Keys looked at in one comparison, about. Members that evict differ in many keys, and a busy one changes while it is listed: which keys are looked at
    /// is another random choice every time.
    /// </summary>
    public long Keys { get; init; } = 100_000;

    /// <summary>Keys found to differ at a time; more are left to the next comparison.</summary>
    public int Suspects { get; init; } = 10_000;

    /// <summary>How long a difference must have stayed as it is: what is on its way, or remembered by the proxy that it concerns, has arrived by then.</summary>
    public required TimeSpan Persistence { get; init; }

    /// <summary>How long a write may take to the second of two members after it has reached the first.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>Bytes of keys held at a time: enough for <see cref="Keys"/> of usual length; for longer ones members are listed once more.</summary>
    public int BandBytes { get; init; } = 12 * 1024 * 1024;

    /// <summary>How much is asked for at a time, and for how long members may be silent.</summary>
    public CopyLimits Batches { get; init; } = new();
}
