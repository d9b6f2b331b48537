namespace CacheOperator.Operator.Api;

/// <summary>Members are open to the proxies only, the proxies' admin port to the operator only.</summary>
internal sealed record NetworkPolicySpec
{
    public NetworkPolicyMode? Mode { get; init; }
}
