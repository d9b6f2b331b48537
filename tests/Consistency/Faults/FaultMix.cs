namespace CacheOperator.Consistency.Faults;

/// <summary>Which faults there are, and how many.</summary>
internal sealed record FaultMix
{
    /// <summary>Relative weights.</summary>
    public required IReadOnlyDictionary<FaultKind, int> Weights { get; init; }

    /// <summary>In each round.</summary>
    public int Count { get; init; } = 4;
}
