using CacheOperator.LocalCluster.Machines;
using CacheOperator.LocalCluster.Networking;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster;

/// <summary>Removes all that a cluster of some name left on this machine, whether it runs, crashed or came up half-way.</summary>
internal static class ClusterRemoval
{
    /// <summary>Folders that come with the first cluster: mount points of node.sh, and the one that `ip netns` makes.</summary>
    private static readonly string[] SharedFolders = ["/var/lib/kubelet", "/var/lib/cni", ClusterNetwork.NamespaceFolder, .. ClusterFolders.Roots];

    public static async Task RunAsync(string clusterName, CancellationToken cancellationToken)
    {
        var folders = new ClusterFolders(clusterName);
        await Machine.KillAllAsync(clusterName, cancellationToken);
        await ClusterNetwork.RemoveAllAsync(clusterName, cancellationToken);
        await ControlGroups.RemoveAsync(clusterName, null, cancellationToken);
        await UnmountAsync([folders.Runtime, folders.Data], cancellationToken);
        folders.Delete();
        if (!ClusterFolders.ClusterNames().Any())
        {
            await RemoveSharedFoldersAsync(cancellationToken);
        }
    }

    /// <summary>Mounts live in the machines' own namespaces and die with them; this is for what a person mounted to look inside.</summary>
    private static async Task UnmountAsync(string[] folders, CancellationToken cancellationToken)
    {
        var mounted = (await File.ReadAllLinesAsync("/proc/self/mounts", cancellationToken)).Select(line => line.Split(' ')[1]);
        foreach (var mount in mounted.Where(mount => folders.Any(folder => mount.StartsWith(folder + "/", StringComparison.Ordinal))).Reverse())
        {
            await new Command("umount", "--lazy", mount).TryRunAsync(cancellationToken);
        }
    }

    private static async Task RemoveSharedFoldersAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in SharedFolders.Where(folder => Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            if (folder == ClusterNetwork.NamespaceFolder)
            {
                // `ip netns` mounted it onto itself.
                await new Command("umount", folder).TryRunAsync(cancellationToken);
            }

            await new Command("rmdir", folder).TryRunAsync(cancellationToken);
        }
    }
}
