namespace CacheOperator.Operator.Api;

/// <summary>The Service that clients use.</summary>
internal sealed record ServiceSpec
{
    public ServiceType? Type { get; init; }

    public int? Port { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public TrafficDistribution? TrafficDistribution { get; init; }
}
