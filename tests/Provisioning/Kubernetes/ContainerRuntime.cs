using CacheOperator.Provisioning.Debian;

namespace CacheOperator.Provisioning.Kubernetes;

/// <summary>Where the programs of a node's container runtime are.</summary>
/// <param name="BinFolder">containerd, its shims and ctr.</param>
/// <param name="Runc">Path of runc.</param>
/// <param name="CniFolder">The CNI plugins.</param>
public sealed record ContainerRuntime(string BinFolder, string Runc, string CniFolder)
{
    /// <summary>Fetches Debian's containerd, runc and CNI plugins; they are not installed, so a Docker on this machine is left alone.</summary>
    public static async Task<ContainerRuntime> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync(["libseccomp2"], progress, cancellationToken);
        var archive = new DebianArchive("bookworm");
        return new ContainerRuntime(
            Path.Combine(await archive.GetAsync("containerd", progress, cancellationToken), "usr", "bin"),
            Path.Combine(await archive.GetAsync("runc", progress, cancellationToken), "usr", "sbin", "runc"),
            Path.Combine(await archive.GetAsync("containernetworking-plugins", progress, cancellationToken), "usr", "lib", "cni"));
    }
}
