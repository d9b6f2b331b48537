using System.Diagnostics;
using System.Globalization;
using System.Text;
using CacheOperator.LocalCluster;
using CacheOperator.LocalCluster.Images;
using CacheOperator.Provisioning;

namespace CacheOperator.Testbed.Clusters;

/// <summary>Three zones with two nodes each on this machine.</summary>
public sealed class LocalTestCluster : ITestCluster
{
    private readonly Cluster _cluster;

    private LocalTestCluster(Cluster cluster, bool wasUp, IReadOnlyList<string> images) => (_cluster, WasUp, Images) = (cluster, wasUp, images);

    /// <summary>Whether it ran before.</summary>
    public bool WasUp { get; }

    /// <summary>Archives of the project's images, which all nodes have; the path changes with the content.</summary>
    public IReadOnlyList<string> Images { get; }

    public string Name => _cluster.Shape.Name;

    public string Kubeconfig => _cluster.KubeconfigPath;

    public string? WhyNodesStay => null;

    public string? WhyMachinesAreOutOfReach => null;

    /// <summary>Brings the cluster up, or takes the running one and starts those of its nodes that are stopped; all get the images of this source tree.</summary>
    public static async Task<LocalTestCluster> UpAsync(string name, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var images = await ProjectImages.BuildAsync(new ImageNames(), progress, cancellationToken);
        var wasUp = await MendAsync(name, progress, cancellationToken);
        var cluster = await Cluster.UpAsync(new ClusterShape(Zones: 3, NodesPerZone: 2, name), progress, cancellationToken);
        progress?.Report("giving the images to the nodes");
        foreach (var image in images) await cluster.LoadImageAsync(image, cancellationToken);
        return new LocalTestCluster(cluster, wasUp, images);
    }

    /// <summary>Gives all nodes operator and proxy under another tag, as if they were another version.</summary>
    public async Task<ImageNames> AddVersionAsync(string tag, CancellationToken cancellationToken)
    {
        string Tagged(string image) => $"{image[..image.LastIndexOf(':')]}:{tag}";
        var names = new ImageNames();
        names = names with { Operator = Tagged(names.Operator), Proxy = Tagged(names.Proxy) };
        foreach (var image in await ProjectImages.BuildAsync(names, null, cancellationToken)) await _cluster.LoadImageAsync(image, cancellationToken);
        return names;
    }

    public Task DownAsync(CancellationToken cancellationToken) => _cluster.DownAsync(cancellationToken);

    public Task StopNodeAsync(string node, CancellationToken cancellationToken) => _cluster.StopNodeAsync(node, cancellationToken);

    public Task StartNodeAsync(string node, CancellationToken cancellationToken) => StartNodeAsync(_cluster, node, null, cancellationToken);

    public Task PartitionNodeAsync(string node, CancellationToken cancellationToken) => _cluster.PartitionNodeAsync(node, cancellationToken);

    public void StopApiServer() => _cluster.StopApiServer();

    public Task StartApiServerAsync(CancellationToken cancellationToken) => _cluster.StartApiServerAsync(cancellationToken);

    public Task KillAsync(string podUid, string program, CancellationToken cancellationToken)
    {
        var processes = Directory.EnumerateDirectories("/proc")
            .Where(folder => Read(folder, "cgroup").Contains($"pod{podUid}", StringComparison.Ordinal) && Read(folder, "comm").Trim() == program)
            .Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .ToList();
        if (processes.Count == 0) throw new ProvisioningException($"pod {podUid} runs no {program} here");
        foreach (var id in processes)
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }

        return Task.CompletedTask;
    }

    private static async Task<bool> MendAsync(string name, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (Cluster.Find(name) is not { } cluster) return false;
        var nodes = await cluster.GetNodesAsync(cancellationToken);
        if (!nodes.Any(node => node.Ready)) return false;
        foreach (var node in nodes) await StartNodeAsync(cluster, node.Name, progress, cancellationToken);
        return true;
    }

    private static async Task StartNodeAsync(Cluster cluster, string name, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var node = (await cluster.GetNodesAsync(cancellationToken)).Single(candidate => candidate.Name == name);
        if (node.Power == NodePower.Partitioned) await cluster.HealNodeAsync(name, cancellationToken);
        if (node.Power != NodePower.Stopped) return;
        progress?.Report($"starting {name}, which is stopped");
        await cluster.StartNodeAsync(name, cancellationToken);
    }

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file), Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty; // not a process, or ended meanwhile
        }
    }
}
