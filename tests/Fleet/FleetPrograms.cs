using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Provisioning.Publishing;

namespace CacheOperator.Fleet;

/// <summary>What a fleet runs.</summary>
/// <param name="Memcached">Path of the program.</param>
/// <param name="Proxy">To which the arguments of each proxy are added.</param>
internal sealed record FleetPrograms(string Memcached, Command Proxy)
{
    /// <summary>Builds what this machine lacks or what has changed.</summary>
    public static async Task<FleetPrograms> EnsureAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        var memcached = await MemcachedBinary.EnsureAsync(progress, cancellationToken);
        var proxy = await ProjectPublisher.PublishAsync("proxy/CacheOperator.Proxy.csproj", PublishMode.FrameworkDependent, progress, cancellationToken);
        return new FleetPrograms(memcached, proxy.Command());
    }
}
