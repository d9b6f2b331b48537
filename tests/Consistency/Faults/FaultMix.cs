namespace CacheOperator.Consistency.Faults;

/// <summary>Which faults there are, and how many.</summary>
internal sealed record FaultMix
{
    /// <summary>Relative weights.</summary>
    public required IReadOnlyDictionary<FaultKind, int> Weights { get; init; }

    /// <summary>In each round.</summary>
    public int Count { get; init; } = 4;

    /// <summary>In every other round only one zone is hit: nothing that was acknowledged may be lost then.</summary>
    public bool SparesZones { get; init; } = true;

    /// <summary>Only one proxy is hit, another one in each round.</summary>
    public bool SparesProxies { get; init; }

    /// <summary>How long they take, at least.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromMilliseconds(100);
}
