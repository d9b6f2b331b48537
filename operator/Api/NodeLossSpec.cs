namespace CacheOperator.Operator.Api;

internal sealed record NodeLossSpec
{
    public NodeLossPolicy? Policy { get; init; }

    /// <summary>How long a node must have been gone or not ready (a duration such as <c>30s</c>).</summary>
    public string? GracePeriod { get; init; }
}
