namespace CacheOperator.Topology;

/// <summary>How far a <see cref="CopyAssignment"/> is, or a <see cref="PurgeAssignment"/>, which copies nothing and counts what it deletes as revoked.</summary>
public sealed record CopyStatus
{
    public required string Id { get; init; }

    public required CopyPhase Phase { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Items that the source held when the copy began.</summary>
    public long Total { get; init; }

    /// <summary>Items looked at so far: copied, already there, or gone.</summary>
    public long Processed { get; init; }

    /// <summary>Items written to the target.</summary>
    public long Copied { get; init; }

    /// <summary>Copies taken back because the source had changed meanwhile.</summary>
    public long Revoked { get; init; }

    /// <summary>After the end: live items of the source that the target does not hold in the same version; of a purge, keys that it found but could not delete.</summary>
    public long Missing { get; init; }

    /// <summary>Bytes of values copied.</summary>
    public long Bytes { get; init; }

    /// <summary>Average over the last seconds.</summary>
    public long ItemsPerSecond { get; init; }

    /// <summary>What went wrong, when <see cref="Phase"/> is Failed or the copy is trying again.</summary>
    public string? Error { get; init; }
}
