using System.Diagnostics;
using CacheOperator.Provisioning;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CacheOperator.LocalCluster;

/// <summary>Asks a cluster how it is.</summary>
internal sealed class ClusterHealth(string kubeconfigPath) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private readonly Kubernetes _client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfigPath));

    /// <summary>The nodes that Kubernetes knows; empty when the API server does not answer.</summary>
    public async Task<IReadOnlyList<V1Node>> NodesAsync(CancellationToken cancellationToken) =>
        (await TryAsync(token => _client.CoreV1.ListNodeAsync(cancellationToken: token), cancellationToken))?.Items.ToArray() ?? [];

    /// <summary>All pods; empty when the API server does not answer.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync(CancellationToken cancellationToken) =>
        (await TryAsync(token => _client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: token), cancellationToken))?.Items.ToArray() ?? [];

    /// <summary>True when exactly these nodes are there and ready, and pods can be created.</summary>
    public async Task<bool> IsReadyAsync(IEnumerable<string> nodes, CancellationToken cancellationToken)
    {
        var ready = (await NodesAsync(cancellationToken)).Where(node => IsReady(node, since: null)).Select(node => node.Name());
        return await AnswersAsync(cancellationToken) && ready.ToHashSet().SetEquals(nodes);
    }

    /// <summary>True when the API server answers, and pods can be created.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken) => await TryAsync(
        token => _client.CoreV1.ReadNamespacedServiceAccountAsync("default", "default", cancellationToken: token), cancellationToken) is not null;

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    /// <exception cref="ProvisioningException">The time ran out.</exception>
    public static async Task WaitAsync(Func<Task<bool>> condition, string what, TimeSpan timeout, string logs, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > timeout)
            {
                throw new ProvisioningException($"{what}: not within {timeout.TotalSeconds:0} s; see the logs in {logs}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <param name="node">As the API server has it.</param>
    /// <param name="since">When given, a report from before does not count.</param>
    public static bool IsReady(V1Node node, DateTime? since) =>
        node.Status.Conditions?.FirstOrDefault(condition => condition.Type == "Ready") is { Status: "True" } ready
        && !(ready.LastHeartbeatTime < since);

    public void Dispose() => _client.Dispose();

    private static async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            return await request(patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or HttpOperationException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }
}
