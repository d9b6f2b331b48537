using System.Diagnostics;
using CacheOperator.LocalCluster.Images;
using CacheOperator.LocalCluster.Networking;
using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster;

/// <summary>Brings a cluster up from whatever state this machine is in.</summary>
internal sealed class ClusterStart(ClusterShape shape, IProgress<string>? progress)
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(3);
    private readonly ClusterFolders _folders = new(shape.Name);

    public async Task<Cluster> RunAsync(CancellationToken cancellationToken)
    {
        await Requirements.EnsureAsync(progress, cancellationToken);
        var kubernetes = await KubernetesBinaries.EnsureAsync(progress, cancellationToken);
        kubernetes.RequireAll();
        var runtime = await ContainerRuntime.EnsureAsync(progress, cancellationToken);
        var pause = await PauseImage.EnsureAsync(progress, cancellationToken);

        using var held = await FileLock.TakeAsync(_folders.Lock, $"changing cluster {shape.Name}", progress, cancellationToken);
        if (await IsUpAsync(kubernetes, cancellationToken))
        {
            progress?.Report($"cluster {shape.Name} is up already: {Describe()}");
            return new Cluster(ClusterState.Read(_folders.State)!);
        }

        try
        {
            await ClusterRemoval.RunAsync(shape.Name, cancellationToken);
            return await StartAsync(kubernetes, runtime, pause, cancellationToken);
        }
        catch
        {
            progress?.Report($"cluster {shape.Name} did not come up; removing it");
            if (!cancellationToken.IsCancellationRequested)
            {
                await KeepLogsAsync();
            }

            await ClusterRemoval.RunAsync(shape.Name, CancellationToken.None);
            throw;
        }
    }

    private async Task<Cluster> StartAsync(KubernetesBinaries kubernetes, ContainerRuntime runtime, string pause, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        progress?.Report($"starting cluster {shape.Name}: {Describe()}");
        var machines = await LayCablesAsync(cancellationToken);
        machines.WriteFiles(kubernetes, runtime);
        machines.BootControlPlane();
        foreach (var node in shape.NodeNames())
        {
            await machines.BootNodeAsync(node, cancellationToken);
        }

        var state = new ClusterState(shape, machines.Addresses.Network, kubernetes.ApiServer, ClusterState.CurrentTool);
        var cluster = new Cluster(state);
        await cluster.LoadImageAsync(pause, cancellationToken);
        progress?.Report("waiting until all nodes are ready");
        using var health = new ClusterHealth(_folders.Kubeconfig);
        await ClusterHealth.WaitAsync(
            () => health.IsReadyAsync(shape.NodeNames(), cancellationToken), "starting the cluster", ReadyTimeout, _folders.Data, cancellationToken);
        state.Write(_folders.State);
        progress?.Report($"cluster {shape.Name} is up after {watch.Elapsed.TotalSeconds:0} s");
        return cluster;
    }

    /// <summary>Another cluster that comes up at the same time must not find the same addresses free.</summary>
    private async Task<ClusterMachines> LayCablesAsync(CancellationToken cancellationToken)
    {
        using var held = await FileLock.TakeAsync(Path.Combine(ToolCache.Root, "network.lock"), "choosing addresses", progress, cancellationToken);
        var machines = new ClusterMachines(shape, _folders, ClusterNetwork.FindFree());
        await machines.Network.CreateAsync(cancellationToken);
        return machines;
    }

    private async Task<bool> IsUpAsync(KubernetesBinaries kubernetes, CancellationToken cancellationToken)
    {
        var state = ClusterState.Read(_folders.State);
        if (state is null || state.Shape != shape || state.Kubernetes != kubernetes.ApiServer || state.Tool != ClusterState.CurrentTool)
        {
            return false;
        }

        // Kubernetes notices a node that was stopped or partitioned only after a while, so the nodes themselves are asked, too.
        var nodes = await new Cluster(state).GetNodesAsync(cancellationToken);
        using var health = new ClusterHealth(_folders.Kubeconfig);
        return nodes.All(node => node.Power == NodePower.Running) && await health.IsReadyAsync(shape.NodeNames(), cancellationToken);
    }

    /// <summary>A failed start should leave nothing but what explains it.</summary>
    private async Task KeepLogsAsync()
    {
        var kept = Path.Combine(ToolCache.Root, "logs", shape.Name);
        foreach (var machine in shape.NodeNames().Prepend(ClusterMachines.ControlPlaneName))
        {
            var target = Directory.CreateDirectory(Path.Combine(kept, machine)).FullName;
            await new Command("cp", "-r", Path.Combine(_folders.Disk(machine), "logs", "."), target).TryRunAsync(CancellationToken.None);
        }

        progress?.Report($"its logs are in {kept}");
    }

    private string Describe() => $"zones: {shape.Zones}, nodes: {shape.NodeNames().Count()}";
}
