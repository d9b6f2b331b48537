using CacheOperator.Proxy.Members;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Topology;

/// <param name="Document">The document.</param>
/// <param name="Zone">The zone that this proxy reads first; null when it does not know its own.</param>
/// <param name="Members">What this proxy knows of the document's members, by UID.</param>
internal sealed record AppliedTopology(TopologyDocument Document, string? Zone, IReadOnlyDictionary<string, MemberHealth> Members);
