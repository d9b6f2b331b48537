namespace CacheOperator.Operator.Api;

internal sealed record WarmUpSpec
{
    /// <summary>A member that is not warm after this counts as ready for rollouts and drains anyway (a duration such as <c>10m</c>).</summary>
    public string? Deadline { get; init; }

    /// <summary>Upper bound for the copying into one member, as a Kubernetes quantity of bytes; null: none.</summary>
    public string? MaxBytesPerSecond { get; init; }

    /// <summary>Upper bound for the copying into one member; null: none.</summary>
    public long? MaxItemsPerSecond { get; init; }
}
