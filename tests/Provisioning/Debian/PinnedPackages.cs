using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Debian;

/// <summary>Packages of one Debian release, whatever release this machine runs: the same versions everywhere, and nothing is installed.</summary>
public static class PinnedPackages
{
    private const string Suite = "trixie";

    /// <summary>Returns a cached folder with the source that its authors have published, test suite included.</summary>
    /// <param name="package">Debian source package.</param>
    /// <param name="version">Upstream version in the release.</param>
    /// <param name="progress">What takes time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<string> SourceAsync(string package, string version, IProgress<string>? progress, CancellationToken cancellationToken) =>
        ToolCache.GetOrBuildAsync(
            $"{package}-source", version, folder => UnpackAsync(package, version, folder, progress, cancellationToken), progress, cancellationToken);

    /// <summary>Returns a cached folder that holds the files of a binary package below it, as if it were the root.</summary>
    public static Task<string> FilesAsync(string package, IProgress<string>? progress, CancellationToken cancellationToken) =>
        new DebianArchive(Suite).GetAsync(package, progress, cancellationToken);

    private static async Task UnpackAsync(string package, string version, string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync(["xz-utils"], progress, cancellationToken);
        await new DebianArchive(Suite).FetchUpstreamAsync(package, folder, progress, cancellationToken);
        var archive = Directory.GetFiles(folder, $"{package}_*.orig.tar.*").Single();
        if (!Path.GetFileName(archive).StartsWith($"{package}_{version}.orig.", StringComparison.Ordinal))
        {
            throw new ProvisioningException($"Debian {Suite} no longer has {package} {version} but {Path.GetFileName(archive)}: ask for that version");
        }

        await new Command("tar", "--extract", "--no-same-owner", "--strip-components=1", "--file", archive) { WorkingDirectory = folder }.RunAsync(cancellationToken);
        File.Delete(archive);
    }
}
