using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Controllers;

/// <summary>A cache that is as it should be, as the last reconcile found it.</summary>
/// <param name="Until">Then everything is computed anew.</param>
/// <param name="Capabilities">Of the server.</param>
/// <param name="Document">The topology in force.</param>
/// <param name="Proxies">Those to ask.</param>
/// <param name="Token">By which they are asked.</param>
internal sealed record CacheAtRest(
    DateTimeOffset Until, ServerCapabilities Capabilities, TopologyDocument Document, IReadOnlyList<ObservedPod> Proxies, string Token);
