using System.Net;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Routing;

/// <summary>A member as a shard's replica.</summary>
/// <param name="Member">Its entry in the document.</param>
/// <param name="EndPoint">Where it listens.</param>
/// <param name="IsLocal">Whether it is in this proxy's zone.</param>
/// <param name="Seed">Makes the weights of two replicas differ for the same key, see <see cref="KeyHash.Weight"/>.</param>
internal sealed record ReplicaRoute(Member Member, IPEndPoint EndPoint, bool IsLocal, ulong Seed);
