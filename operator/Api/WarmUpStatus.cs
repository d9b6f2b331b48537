namespace CacheOperator.Operator.Api;

/// <summary>A member that is being filled, in one part or in several.</summary>
internal sealed record WarmUpStatus
{
    /// <summary>Pod that is filled.</summary>
    public required string Pod { get; init; }

    /// <summary>Pod that it is filled from, or several, separated by commas; absent while none is chosen.</summary>
    public string? Source { get; init; }

    public int Percent { get; init; }

    public long ItemsPerSecond { get; init; }

    public DateTime? Started { get; init; }
}
