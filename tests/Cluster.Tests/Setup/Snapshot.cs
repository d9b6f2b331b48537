using System.Text.Json.Nodes;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>The resource versions of objects: two equal snapshots mean that nobody wrote to any of them.</summary>
internal static class Snapshot
{
    /// <summary>What runs, and what it runs with.</summary>
    public const string Workloads = "statefulset,deployment,pod,service,secret,poddisruptionbudget,networkpolicy";

    /// <summary>Everything that belongs to a cache. Under load its status follows the numbers.</summary>
    public const string Fleet = Workloads + ",configmap";

    /// <summary>Everything that belongs to a cache, and the cache.</summary>
    public const string Everything = Fleet + ",rcache";

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Waits until nobody has written for a while, the kubelets neither, and takes one then.</summary>
    public static async Task<IReadOnlyList<string>> SettledAsync(
        KubectlClient kubectl, string @namespace, string kinds, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> now = await TakeAsync(kubectl, @namespace, kinds, cancellationToken);
        await Wait.UntilAsync("nothing changes any more", Patience, async () =>
        {
            var earlier = now;
            await Task.Delay(Quiet, cancellationToken);
            now = await TakeAsync(kubectl, @namespace, kinds, cancellationToken);
            return earlier.SequenceEqual(now) ? null : $"changed: {string.Join(", ", now.Except(earlier))}";
        }, cancellationToken);
        return now;
    }

    /// <returns>One line an object, ordered: kind, name, UID, resource version.</returns>
    public static async Task<IReadOnlyList<string>> TakeAsync(
        KubectlClient kubectl, string @namespace, string kinds, CancellationToken cancellationToken)
    {
        var list = JsonNode.Parse(await kubectl.RunAsync(cancellationToken, "get", kinds, "--namespace", @namespace, "-o", "json"))!;
        return [.. list["items"]!.AsArray()
            .Where(item => (string?)item!["type"] != "kubernetes.io/service-account-token")
            .Select(item => $"{item!["kind"]} {item["metadata"]!["name"]} {item["metadata"]!["uid"]} at {item["metadata"]!["resourceVersion"]}")
            .Order(StringComparer.Ordinal)];
    }
}
