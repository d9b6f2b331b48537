using CacheOperator.Testbed;
using k8s;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>What happens to the machines of a cluster, until it is mended.</summary>
internal sealed class Mishaps(ClusterFixture cluster)
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    private static readonly TimeSpan NodeDeadline = TimeSpan.FromSeconds(90);

    private readonly HashSet<string> _lostNodes = [];
    private readonly HashSet<string> _cordonedNodes = [];
    private readonly Dictionary<string, string> _zonesOfMovedNodes = [];
    private bool _apiServerIsAway;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async Task StopNodeAsync(string node)
    {
        _lostNodes.Add(node);
        await cluster.Nodes.StopNodeAsync(node, Cancelled);
    }

    public async Task PartitionNodeAsync(string node)
    {
        _lostNodes.Add(node);
        await cluster.Nodes.PartitionNodeAsync(node, Cancelled);
    }

    /// <summary>Powers a node off for good, as a cloud does that scales in: Kubernetes is told that there is no such node any more.</summary>
    public async Task DeleteNodeAsync(string node)
    {
        await StopNodeAsync(node);
        await cluster.Kubectl.RunAsync(Cancelled, "delete", "node", node);
    }

    /// <summary>Gives a node another zone, by its label; what runs there runs on.</summary>
    public async Task MoveNodeAsync(string node, string zone)
    {
        var labels = (await cluster.Api.CoreV1.ReadNodeAsync(node, cancellationToken: Cancelled)).Metadata.Labels;
        _zonesOfMovedNodes.TryAdd(node, labels[ZoneLabel]);
        await LabelAsync(node, zone, Cancelled);
    }

    /// <summary>Brings back a node that was stopped, deleted or cut off, and waits until Kubernetes has it back.</summary>
    public async Task MendNodeAsync(string node, CancellationToken cancellationToken)
    {
        await cluster.Nodes.StartNodeAsync(node, cancellationToken);
        await Wait.UntilAsync($"node {node} is Ready", NodeDeadline, async () =>
        {
            var found = await cluster.Api.CoreV1.ReadNodeAsync(node, cancellationToken: cancellationToken);
            var status = found.Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready")?.Status;
            return status == "True" ? null : $"its Ready is {status}";
        }, cancellationToken);
        _lostNodes.Remove(node);
    }

    public Task CordonAsync(string node) => cluster.Kubectl.RunAsync(Cancelled, "cordon", ToUncordon(node));

    /// <summary>Remembers a node that somebody cordons, as a drain does.</summary>
    public string ToUncordon(string node)
    {
        _cordonedNodes.Add(node);
        return node;
    }

    public async Task UncordonAsync(string node, CancellationToken cancellationToken)
    {
        await cluster.Kubectl.RunAsync(cancellationToken, "uncordon", node);
        _cordonedNodes.Remove(node);
    }

    public void StopApiServer()
    {
        _apiServerIsAway = true;
        cluster.Nodes.StopApiServer();
    }

    public async Task StartApiServerAsync(CancellationToken cancellationToken)
    {
        await cluster.Nodes.StartApiServerAsync(cancellationToken);
        _apiServerIsAway = false;
    }

    /// <summary>Mends what is still broken.</summary>
    public async Task MendAsync(CancellationToken cancellationToken)
    {
        if (_apiServerIsAway) await StartApiServerAsync(cancellationToken);
        foreach (var node in _cordonedNodes.ToList()) await UncordonAsync(node, cancellationToken);
        foreach (var node in _lostNodes.ToList()) await MendNodeAsync(node, cancellationToken);
        foreach (var (node, zone) in _zonesOfMovedNodes) await LabelAsync(node, zone, cancellationToken);
        _zonesOfMovedNodes.Clear();
    }

    private Task<string> LabelAsync(string node, string zone, CancellationToken cancellationToken) =>
        cluster.Kubectl.RunAsync(cancellationToken, "label", "node", node, $"{ZoneLabel}={zone}", "--overwrite");
}
