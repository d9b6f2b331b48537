namespace CacheOperator.Operator.Api;

/// <summary>To which proxy a client's connection goes, where the server knows how to choose.</summary>
internal enum TrafficDistribution
{
    /// <summary>To one in the client's zone.</summary>
    PreferSameZone,

    /// <summary>To any.</summary>
    Any,
}
