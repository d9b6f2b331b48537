using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Publishing;

namespace CacheOperator.Fleet;

/// <summary>Paths of what a fleet runs.</summary>
internal sealed record FleetPrograms(string Memcached, string Proxy)
{
    /// <summary>Builds what this machine lacks or what has changed.</summary>
    public static async Task<FleetPrograms> EnsureAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        var memcached = await MemcachedBinary.EnsureAsync(progress, cancellationToken);
        var proxy = await ProjectPublisher.PublishAsync("proxy/CacheOperator.Proxy.csproj", PublishMode.FrameworkDependent, progress, cancellationToken);
        return new FleetPrograms(memcached, proxy.Executable);
    }
}
