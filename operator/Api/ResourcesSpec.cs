namespace CacheOperator.Operator.Api;

/// <summary>Requests and limits of a container, by resource name, as Kubernetes quantities.</summary>
internal sealed record ResourcesSpec
{
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    public IReadOnlyDictionary<string, string>? Limits { get; init; }
}
