using CacheOperator.Provisioning;

namespace CacheOperator.LocalCluster.Machines;

/// <summary>The control groups that a node's pods live in, in every hierarchy that is mounted (v1 has one a controller, v2 one).</summary>
internal static class ControlGroups
{
    private const string MountPoint = "/sys/fs/cgroup";
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(10);

    public static string PathOf(string cluster, string node) => $"/cacheoperator-{cluster}/{node}";

    /// <summary>Creates a node's group with access to all processors and memory nodes; a new v1 group has none.</summary>
    public static void Create(string cluster, string node)
    {
        foreach (var hierarchy in Hierarchies())
        {
            var group = hierarchy;
            foreach (var part in PathOf(cluster, node).Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var child = Path.Combine(group, part);
                if (hierarchy == MountPoint)
                {
                    DelegateControllers(group);
                    Directory.CreateDirectory(child);
                }
                else
                {
                    Directory.CreateDirectory(child);
                    CopyProcessorSet(group, child);
                }

                group = child;
            }
        }
    }

    /// <summary>Removes the groups of a node, or of a whole cluster when <paramref name="node"/> is null; their processes are dead by now.</summary>
    public static async Task RemoveAsync(string cluster, string? node, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + RemovalTimeout;
        var path = PathOf(cluster, node ?? string.Empty).TrimEnd('/');
        foreach (var group in Hierarchies().Select(hierarchy => hierarchy + path).Where(Directory.Exists))
        {
            while (!TryRemove(group))
            {
                if (DateTime.UtcNow > deadline)
                {
                    throw new ProvisioningException($"control group {group} is still in use");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }

    private static string[] Hierarchies()
    {
        var mounted = File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' '))
            .Where(fields => fields[2] is "cgroup" or "cgroup2")
            .Select(fields => fields[1])
            .ToArray();
        return mounted.Length > 0 ? mounted : throw new ProvisioningException($"no control groups are mounted below {MountPoint}");
    }

    private static void CopyProcessorSet(string group, string child)
    {
        foreach (var file in (string[])["cpuset.cpus", "cpuset.mems"])
        {
            if (File.Exists(Path.Combine(child, file)))
            {
                File.WriteAllText(Path.Combine(child, file), File.ReadAllText(Path.Combine(group, file)));
            }
        }
    }

    /// <summary>In v2 a group's children have only the controllers that it hands down.</summary>
    private static void DelegateControllers(string group)
    {
        var names = File.ReadAllText(Path.Combine(group, "cgroup.controllers")).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        File.WriteAllText(Path.Combine(group, "cgroup.subtree_control"), string.Join(' ', names.Select(name => $"+{name}")));
    }

    private static bool TryRemove(string group)
    {
        try
        {
            foreach (var child in Directory.GetDirectories(group, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length))
            {
                Directory.Delete(child);
            }

            Directory.Delete(group);
            return true;
        }
        catch (IOException)
        {
            // Still in use, or somebody else removed it.
            return !Directory.Exists(group);
        }
    }
}
