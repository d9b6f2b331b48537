using CacheOperator.Provisioning.Caching;

namespace CacheOperator.LocalCluster;

/// <summary>Where one cluster keeps its files.</summary>
internal sealed class ClusterFolders(string clusterName)
{
    private const string RuntimeRoot = "/run/cacheoperator";
    private const string DataRoot = "/var/tmp/cacheoperator";

    public static IReadOnlyList<string> Roots => [RuntimeRoot, DataRoot];

    /// <summary>Sockets and small state, on a short path; lost when this machine reboots, as the processes are.</summary>
    public string Runtime { get; } = Path.Combine(RuntimeRoot, clusterName);

    /// <summary>Logs, the database, the nodes' disks.</summary>
    public string Data { get; } = Path.Combine(DataRoot, clusterName);

    /// <summary>Held while the cluster comes up or goes down.</summary>
    public string Lock { get; } = Path.Combine(ToolCache.Root, $"cluster-{clusterName}.lock");

    public string State => Path.Combine(Runtime, "cluster.json");

    public string Kubeconfig => Path.Combine(Runtime, "kubeconfig");

    public string Pki => Path.Combine(Data, "pki");

    /// <summary>The disk of a machine: its configuration, logs and data.</summary>
    public string Disk(string machine) => Path.Combine(Data, machine);

    /// <summary>What a machine sees as <c>/run</c>.</summary>
    public string Run(string machine) => Path.Combine(Runtime, machine);

    /// <summary>Names of the clusters that left a trace, running or not.</summary>
    public static IEnumerable<string> ClusterNames() =>
        Roots.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(folder => Path.GetFileName(folder)).Distinct();

    public void Delete()
    {
        foreach (var folder in (string[])[Runtime, Data])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
