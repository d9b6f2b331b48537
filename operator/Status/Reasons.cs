namespace CacheOperator.Operator.Status;

/// <summary>Every reason of every condition. Each is explained in docs/conditions.md, which a test keeps complete.</summary>
internal static class Reasons
{
    // Ready, Available
    public const string AllZonesServing = "AllZonesServing";
    public const string Serving = "Serving";
    public const string Paused = "Paused";
    public const string InvalidSpec = "InvalidSpec";
    public const string Starting = "Starting";
    public const string ShardUnavailable = "ShardUnavailable";
    public const string NoReadyProxy = "NoReadyProxy";
    public const string WaitingForMembers = "WaitingForMembers";
    public const string WaitingForProxies = "WaitingForProxies";

    // Progressing
    public const string Steady = "Steady";
    public const string WarmingUp = "WarmingUp";
    public const string Resharding = "Resharding";
    public const string GrowingInPlace = "GrowingInPlace";
    public const string RollingUpdate = "RollingUpdate";
    public const string RemovingZone = "RemovingZone";

    // Degraded
    public const string AsExpected = "AsExpected";
    public const string ApplyFailed = "ApplyFailed";
    public const string ZoneDown = "ZoneDown";
    public const string NodeLost = "NodeLost";
    public const string MemberQuarantined = "MemberQuarantined";
    public const string MemberUnreachable = "MemberUnreachable";
    public const string WarmUpTimedOut = "WarmUpTimedOut";
    public const string PodFailing = "PodFailing";
    public const string PodUnschedulable = "PodUnschedulable";
    public const string PodNotCreated = "PodNotCreated";
    public const string ProxyNotAnswering = "ProxyNotAnswering";

    // UnusedZone
    public const string ZoneFound = "ZoneFound";

    // UpdateAvailable
    public const string OtherDefaultImages = "OtherDefaultImages";

    // ProxyAutoscaling
    public const string AutoscalerInPlace = "AutoscalerInPlace";
    public const string AutoscalerNotServed = "AutoscalerNotServed";
    public const string AutoscalerWithoutMetrics = "AutoscalerWithoutMetrics";

    // ShardAutoscaling
    public const string ShardsFit = "ShardsFit";
    public const string MemoryPressure = "MemoryPressure";
    public const string ScalingOut = "ScalingOut";
    public const string ScalingIn = "ScalingIn";
    public const string AtMaximumShards = "AtMaximumShards";
}
