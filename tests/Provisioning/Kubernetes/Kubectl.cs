using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Kubernetes;

/// <summary>kubectl: the machine's own, or Debian's.</summary>
public static class Kubectl
{
    public static async Task<string> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken) =>
        SearchPath.Find("kubectl")
        ?? Path.Combine(await new DebianArchive("bookworm").GetAsync("kubernetes-client", progress, cancellationToken), "usr", "bin", "kubectl");
}
