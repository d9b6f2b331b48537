using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Topology;

/// <summary>The number that makes this proxy's versions differ from those of the others.</summary>
internal static class ProxyNumber
{
    private const int FirstUnlisted = TopologyValidator.MaxListedProxyNumber + 1;
    private const int UnlistedCount = 512;

    /// <returns>0..511 when the document lists the proxy, else one of 512..1023 that follows from the name.</returns>
    public static int Of(TopologyDocument document, string name) =>
        document.Proxies.FirstOrDefault(p => p.Name == name)?.Number ?? FirstUnlisted + (int)(KeyHash.Of(name) % UnlistedCount);
}
