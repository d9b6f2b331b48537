namespace CacheOperator.Operator.Api;

internal enum NetworkPolicyMode
{
    Enabled,
    Disabled,
}
