namespace CacheOperator.Topology;

/// <summary>
/// Tells one proxy to fill one member from another. Whoever is named starts when it applies the document and reports
/// under <see cref="Id"/>; a copy that is no longer listed is stopped. Starting one twice is harmless: what the target holds already is compared
/// with the source, dropped or kept.
/// </summary>
public sealed record CopyAssignment
{
    /// <summary>Unique for (target, incarnation, epoch, attempt).</summary>
    public required string Id { get; init; }

    /// <summary>Name of the proxy that copies.</summary>
    public required string Proxy { get; init; }

    /// <summary>
    /// UID of a Ready member of the same shard in another zone; or, in <see cref="ReshardingPhase.Filling"/>, of any zone and the shard that keys are
    /// about to leave for the target's: those keys are copied then.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>UID of the member to fill; Warming or Quarantined; of another shard than the source, also Ready.</summary>
    public required string Target { get; init; }

    /// <summary>Which of the keys are copied; null: all. Not with a source of another shard.</summary>
    public KeyPart? Part { get; init; }

    /// <summary>Upper bound in bytes of values per second; 0 for none.</summary>
    public long MaxBytesPerSecond { get; init; }

    /// <summary>Upper bound in items per second; 0 for none.</summary>
    public long MaxItemsPerSecond { get; init; }
}
