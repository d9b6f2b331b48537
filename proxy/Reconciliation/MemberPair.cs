using CacheOperator.Topology;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>Two Ready members of one shard, in no particular order.</summary>
internal readonly record struct MemberPair(Member Left, Member Right);
