using System.Security.Cryptography;
using System.Text;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Testbed.Clusters;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.Testbed.Install;

/// <summary>The operator as a user installs it: the chart, by helm.</summary>
/// <param name="Helm">Path of helm.</param>
/// <param name="Kubectl">The cluster.</param>
/// <param name="Values">More <c>--set</c> values.</param>
public sealed record OperatorRelease(string Helm, KubectlClient Kubectl, IReadOnlyList<string> Values)
{
    public const string Name = "cache-operator";
    public const string Namespace = "cache-operator";

    /// <summary>On the local cluster an image keeps its name when it is built anew; so that the new one is run, its place goes into the pods.</summary>
    public static IReadOnlyList<string> ValuesFor(ITestCluster cluster) =>
        cluster is LocalTestCluster local ? [$"podAnnotations.images={ImagesHash(local)}"] : [];

    /// <summary>Installs or upgrades it and waits until it runs.</summary>
    public Task InstallAsync(CancellationToken cancellationToken) => RunAsync(
        [
            "upgrade", "--install", Name, Repository.Chart, "--create-namespace", "--wait", "--timeout", "3m",
            .. Values.SelectMany(value => (string[])["--set-string", value]),
        ],
        cancellationToken);

    /// <summary>Removes it; the CRD and the caches stay.</summary>
    public Task UninstallAsync(CancellationToken cancellationToken) => RunAsync(["uninstall", Name, "--wait", "--timeout", "2m"], cancellationToken);

    private static string ImagesHash(LocalTestCluster cluster) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', cluster.Images))))[..12];

    private Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken) =>
        new Command(Helm, ["--kubeconfig", Kubectl.Kubeconfig, "--namespace", Namespace, .. arguments]).RunAsync(cancellationToken);
}
