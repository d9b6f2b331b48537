using CacheOperator.Testbed.Install;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>Saves what a person needs to understand a failed scenario.</summary>
internal static class Evidence
{
    private static readonly (string File, string[] Arguments)[] OfNamespace =
    [
        ("get.txt", ["get", "rcache,statefulset,deployment,pod,service,configmap,pdb,networkpolicy", "-o", "wide"]),
        ("rcache.yaml", ["get", "rcache", "-o", "yaml"]),
        ("topology.yaml", ["get", "configmap", "-l", "app.kubernetes.io/managed-by=cache-operator", "-o", "yaml"]),
        ("describe.txt", ["describe", "rcache,statefulset,deployment,pod"]),
        ("events.txt", ["get", "events", "--sort-by=.lastTimestamp"]),
        ("proxies.log", ["logs", "-l", "app.kubernetes.io/component=proxy", "--tail=2000", "--prefix"]),
        ("memcached.log", ["logs", "-l", "app.kubernetes.io/component=memcached", "--tail=200", "--prefix"]),
    ];

    public static async Task SaveAsync(KubectlClient kubectl, string @namespace, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, arguments) in OfNamespace)
        {
            await SaveAsync(kubectl, Path.Combine(folder, file), [.. arguments, "--namespace", @namespace], cancellationToken);
        }

        await SaveAsync(kubectl, Path.Combine(folder, "nodes.txt"), ["get", "nodes", "-o", "wide", "--show-labels"], cancellationToken);
        await SaveAsync(
            kubectl,
            Path.Combine(folder, "operator.log"),
            ["logs", "--namespace", OperatorRelease.Namespace, "-l", "app.kubernetes.io/name=cache-operator", "--tail=5000", "--prefix"],
            cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"what the cluster looked like: {folder}");
    }

    private static async Task SaveAsync(KubectlClient kubectl, string path, string[] arguments, CancellationToken cancellationToken)
    {
        var result = await kubectl.TryRunAsync(cancellationToken, arguments);
        await File.WriteAllTextAsync(path, $"{result.Output}{result.Error}", cancellationToken);
    }
}
