using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>An assignment with the members that it speaks of.</summary>
/// <param name="Assignment">What is to be done.</param>
/// <param name="Source">The member copied from.</param>
/// <param name="Target">The member filled.</param>
/// <param name="Filter">Which of the source's keys belong to the shard.</param>
internal sealed record CopyPlan(CopyAssignment Assignment, Member Source, Member Target, KeyFilter Filter);
