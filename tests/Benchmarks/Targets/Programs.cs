using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Publishing;
using CacheOperator.Provisioning.Twemproxy;

namespace CacheOperator.Benchmarks.Targets;

/// <summary>Paths of what is compared.</summary>
internal sealed record Programs(string Memcached, string Twemproxy, string CacheProxy)
{
    /// <summary>Fetches and builds what this machine lacks or what has changed.</summary>
    public static async Task<Programs> EnsureAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        var memcached = await MemcachedBinary.EnsureAsync(progress, cancellationToken);
        var twemproxy = await TwemproxyBinary.EnsureAsync(progress, cancellationToken);
        var proxy = await ProjectPublisher.PublishAsync("proxy/CacheOperator.Proxy.csproj", PublishMode.NativeAot, progress, cancellationToken);
        return new Programs(memcached, twemproxy, proxy.Executable);
    }
}
