namespace CacheOperator.Operator.WarmUp;

/// <summary>Reasons of the pod condition <c>cacheoperator.dev/warm</c>.</summary>
internal static class GateReasons
{
    public const string Warm = "Warm";
    public const string Cold = "Cold";
    public const string Warming = "Warming";
    public const string Quarantined = "Quarantined";
    public const string WarmUpTimedOut = "WarmUpTimedOut";
}
