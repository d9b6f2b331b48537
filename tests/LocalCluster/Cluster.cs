using CacheOperator.LocalCluster.Nodes;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Caching;
using k8s.Models;

namespace CacheOperator.LocalCluster;

/// <summary>
/// A real Kubernetes of several nodes in several zones on this machine. It lives on when the process that brought it up ends, until
/// <see cref="DownAsync(CancellationToken)"/>.
/// </summary>
public sealed class Cluster
{
    private const int ParallelImports = 3;
    private const string ApiServer = "kube-apiserver";
    private static readonly TimeSpan NodeReadyTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ApiServerTimeout = TimeSpan.FromMinutes(1);
    private readonly ClusterFolders _folders;
    private readonly ClusterMachines _machines;

    internal Cluster(ClusterState state)
    {
        Shape = state.Shape;
        _folders = new ClusterFolders(state.Shape.Name);
        _machines = new ClusterMachines(state.Shape, _folders, new ClusterAddresses(state.Network));
    }

    public ClusterShape Shape { get; }

    /// <summary>Path of a kubeconfig for the cluster's administrator.</summary>
    public string KubeconfigPath => _folders.Kubeconfig;

    /// <summary>Folder of the logs: <c>MACHINE/logs/PROGRAM.log</c>.</summary>
    public string LogFolder => _folders.Data;

    /// <summary>
    /// Brings a cluster up, or returns the one that runs already if it has this shape and is healthy. What an earlier, crashed run left is
    /// removed first. When it fails or is cancelled half-way, nothing is left.
    /// </summary>
    /// <exception cref="ProvisioningException">This machine lacks something, or the cluster does not come up.</exception>
    /// <exception cref="ArgumentException">The shape is out of range.</exception>
    public static Task<Cluster> UpAsync(ClusterShape shape, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new ClusterStart(shape.Validated(), progress).RunAsync(cancellationToken);
    }

    /// <summary>Returns the cluster of this name that was brought up before, or null.</summary>
    public static Cluster? Find(string name = ClusterShape.DefaultName) =>
        ClusterState.Read(new ClusterFolders(name).State) is { } state ? new Cluster(state) : null;

    /// <summary>Removes the cluster of this name and whatever a crashed run of it left.</summary>
    public static async Task DownAsync(string name, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Requirements.RequireRoot();
        using var held = await FileLock.TakeAsync(new ClusterFolders(name).Lock, $"changing cluster {name}", progress, cancellationToken);
        await ClusterRemoval.RunAsync(name, cancellationToken);
    }

    /// <summary>Removes this cluster.</summary>
    public Task DownAsync(CancellationToken cancellationToken) => DownAsync(Shape.Name, null, cancellationToken);

    /// <summary>Cuts a node's power: everything on it stops at once and says good-bye to nobody. Its disk is kept.</summary>
    public Task StopNodeAsync(string node, CancellationToken cancellationToken) => _machines.StopNodeAsync(Known(node), cancellationToken);

    /// <summary>Boots a stopped node and waits until Kubernetes finds it ready.</summary>
    public async Task StartNodeAsync(string node, CancellationToken cancellationToken)
    {
        if (_machines.Machine(Known(node)).IsRunning)
        {
            throw new ProvisioningException($"{node} is running already");
        }

        // A start that was cancelled half-way may have left something.
        await _machines.StopNodeAsync(node, cancellationToken);
        var booted = DateTime.UtcNow;
        await _machines.BootNodeAsync(node, cancellationToken);
        using var health = new ClusterHealth(KubeconfigPath);
        await ClusterHealth.WaitAsync(
            async () => (await health.NodesAsync(cancellationToken)).Any(it => it.Name() == node && ClusterHealth.IsReady(it, since: booted)),
            $"starting {node}",
            NodeReadyTimeout,
            _folders.Disk(node),
            cancellationToken);
    }

    /// <summary>Pulls a node's network cable; everything on it runs on.</summary>
    public Task PartitionNodeAsync(string node, CancellationToken cancellationToken) =>
        _machines.Network.SetPluggedAsync(Running(node), false, cancellationToken);

    /// <summary>Puts a partitioned node's cable back.</summary>
    public Task HealNodeAsync(string node, CancellationToken cancellationToken) =>
        _machines.Network.SetPluggedAsync(Running(node), true, cancellationToken);

    /// <summary>Kills the API server; it stays away until it is started again.</summary>
    public void StopApiServer() => _machines.HoldDown(ClusterMachines.ControlPlaneName, ApiServer);

    /// <summary>Starts a stopped API server and waits until it answers.</summary>
    public async Task StartApiServerAsync(CancellationToken cancellationToken)
    {
        _machines.Release(ClusterMachines.ControlPlaneName, ApiServer);
        using var health = new ClusterHealth(KubeconfigPath);
        await ClusterHealth.WaitAsync(
            () => health.AnswersAsync(cancellationToken),
            "starting the API server",
            ApiServerTimeout,
            _folders.Disk(ClusterMachines.ControlPlaneName),
            cancellationToken);
    }

    /// <summary>Gives an image to all nodes that run and lack it; a node keeps its images when it is stopped and started.</summary>
    /// <param name="archive">Path of an archive as <c>docker save</c> writes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task LoadImageAsync(string archive, CancellationToken cancellationToken)
    {
        var file = new FileInfo(archive);
        if (!file.Exists)
        {
            throw new ProvisioningException($"no image archive {archive}");
        }

        var nodes = Shape.NodeNames().Where(node => _machines.Machine(node).IsRunning);
        return Parallel.ForEachAsync(
            nodes,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelImports, CancellationToken = cancellationToken },
            async (node, token) => await ImageImport.RunAsync(_machines.Machine(node), _folders.Disk(node), file, token));
    }

    /// <summary>All nodes of the shape, whether Kubernetes knows them or not.</summary>
    public async Task<IReadOnlyList<NodeStatus>> GetNodesAsync(CancellationToken cancellationToken)
    {
        using var health = new ClusterHealth(KubeconfigPath);
        var nodes = await health.NodesAsync(cancellationToken);
        var pods = (await health.PodsAsync(cancellationToken)).ToLookup(pod => pod.Spec.NodeName, pod => $"{pod.Namespace()}/{pod.Name()}");
        var result = new List<NodeStatus>();
        foreach (var name in Shape.NodeNames())
        {
            var ready = nodes.Any(node => node.Name() == name && ClusterHealth.IsReady(node, since: null));
            result.Add(new NodeStatus(name, ClusterShape.ZoneOf(name), await PowerAsync(name, cancellationToken), ready, [.. pods[name].Order()]));
        }

        return result;
    }

    private async Task<NodePower> PowerAsync(string node, CancellationToken cancellationToken) =>
        !_machines.Machine(node).IsRunning ? NodePower.Stopped
        : await _machines.Network.IsPluggedAsync(node, cancellationToken) ? NodePower.Running
        : NodePower.Partitioned;

    private string Known(string node) =>
        Shape.NodeNames().Contains(node)
            ? node
            : throw new ProvisioningException($"cluster {Shape.Name} has no node {node}; it has {string.Join(", ", Shape.NodeNames())}");

    private string Running(string node) =>
        _machines.Machine(Known(node)).IsRunning ? node : throw new ProvisioningException($"{node} is stopped");
}
