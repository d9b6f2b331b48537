using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>An assignment with the members that it speaks of.</summary>
/// <param name="Assignment">What is to be done.</param>
/// <param name="Source">The member copied from.</param>
/// <param name="Target">The member filled.</param>
/// <param name="Filter">Which keys are copied, and dropped from the target where the source does not hold them.</param>
/// <param name="Strays">Keys of other shards, which the target may still hold from before; dropped whatever the source holds. Null when there can be none.</param>
/// <param name="Share">One in so many of the source's items is expected to be one of them.</param>
internal sealed record CopyPlan(CopyAssignment Assignment, Member Source, Member Target, KeyFilter Filter, KeyFilter? Strays = null, int Share = 1);
