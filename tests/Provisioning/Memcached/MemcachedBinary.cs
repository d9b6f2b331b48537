using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Memcached;

/// <summary>A memcached new enough for explicit CAS values, with TLS and its own proxy, built once from Debian's source package.</summary>
public static class MemcachedBinary
{
    /// <summary>Upstream version in <see cref="Suite"/>.</summary>
    public const string Version = "1.6.38";

    private const string Suite = "trixie";

    /// <summary>Returns the path of the program; the first time on a machine this takes about a minute.</summary>
    public static async Task<string> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        // Outside of the build: a cached program still needs the shared libraries that these bring, whatever this release calls them.
        await DebianPackages.EnsureAsync(["libevent-dev", "libssl-dev"], progress, cancellationToken);
        var folder = await ToolCache.GetOrBuildAsync("memcached", Version, target => LongStep.RunAsync(
            $"building memcached {Version} from Debian source (first time only, about 1 minute)",
            () => BuildAsync(target, progress, cancellationToken),
            progress), progress, cancellationToken);
        return Path.Combine(folder, "memcached");
    }

    private static async Task BuildAsync(string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync(["gcc", "libc6-dev", "make"], progress, cancellationToken);
        var work = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
        var source = await new DebianArchive(Suite).UnpackSourceAsync("memcached", work, progress, cancellationToken);
        var configure = new Command(Path.Combine(source, "configure"), "--enable-tls", "--enable-proxy", "--disable-docs");
        await (configure with { WorkingDirectory = source }).RunAsync(cancellationToken);
        await new Command("make", $"-j{Environment.ProcessorCount}") { WorkingDirectory = source }.RunAsync(cancellationToken);
        var program = Path.Combine(folder, "memcached");
        File.Move(Path.Combine(source, "memcached"), program);
        Directory.Delete(work, recursive: true);

        var version = (await new Command(program, "--version").RunAsync(cancellationToken)).Trim();
        if (version != $"memcached {Version}")
        {
            throw new ProvisioningException(
                $"Debian {Suite} no longer has memcached {Version} but \"{version}\": set {nameof(MemcachedBinary)}.{nameof(Version)} to it");
        }
    }
}
