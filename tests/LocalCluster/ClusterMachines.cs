using CacheOperator.LocalCluster.ControlPlane;
using CacheOperator.LocalCluster.Machines;
using CacheOperator.LocalCluster.Networking;
using CacheOperator.LocalCluster.Nodes;
using CacheOperator.Provisioning.Kubernetes;

namespace CacheOperator.LocalCluster;

/// <summary>The control plane's machine and the nodes of one cluster: their files, and switching them on and off.</summary>
internal sealed class ClusterMachines(ClusterShape shape, ClusterFolders folders, ClusterAddresses addresses)
{
    public const string ControlPlaneName = "control-plane";

    private const string VariablesFile = "machine.env";
    private static readonly string[] Scripts = ["machine.sh", "control-plane.sh", "node.sh"];

    public ClusterAddresses Addresses => addresses;

    public ClusterNetwork Network { get; } = new(shape, addresses);

    public Machine Machine(string name) => new(shape.Name, name, Path.Combine(folders.Disk(name), VariablesFile));

    /// <summary>Writes the configuration of all machines.</summary>
    public void WriteFiles(KubernetesBinaries kubernetes, ContainerRuntime runtime)
    {
        foreach (var script in Scripts)
        {
            EmbeddedFile.Write(script, Path.Combine(folders.Data, script));
        }

        new Credentials(shape, folders, addresses).Create();
        WriteControlPlane(kubernetes);
        foreach (var (index, node) in shape.NodeNames().Index())
        {
            WriteNode(node, index, kubernetes, runtime);
        }
    }

    public void BootControlPlane() => Boot(Machine(ControlPlaneName), Network.NamespaceOf(null), "control-plane.sh");

    public async Task BootNodeAsync(string node, CancellationToken cancellationToken)
    {
        await Network.AddNodeAsync(node, cancellationToken);
        ControlGroups.Create(shape.Name, node);
        Boot(Machine(node), Network.NamespaceOf(node), "node.sh");
    }

    /// <summary>Takes a node's power and cable away, whatever state it is in; what it wrote to disk stays.</summary>
    public async Task StopNodeAsync(string node, CancellationToken cancellationToken)
    {
        await Machine(node).KillAsync(cancellationToken);
        await Network.RemoveNodeAsync(node, cancellationToken);
        await ControlGroups.RemoveAsync(shape.Name, node, cancellationToken);
        if (Directory.Exists(folders.Run(node)))
        {
            Directory.Delete(folders.Run(node), recursive: true);
        }
    }

    /// <summary>Kills a program of a machine and keeps its boot script from starting it again.</summary>
    public void HoldDown(string machine, string program)
    {
        File.WriteAllText(HeldFile(machine, program), string.Empty);
        Machine(machine).Kill(program);
    }

    /// <summary>Lets a program run that was held down; one that was not is left alone.</summary>
    public void Release(string machine, string program) => File.Delete(HeldFile(machine, program));

    private string HeldFile(string machine, string program) => Path.Combine(folders.Run(machine), $"{program}.held");

    private void Boot(Machine machine, string networkNamespace, string script)
    {
        Directory.CreateDirectory(folders.Run(machine.Name));
        machine.Boot(networkNamespace, Path.Combine(folders.Data, script), Path.Combine(folders.Disk(machine.Name), "logs", "boot.log"));
    }

    private void WriteControlPlane(KubernetesBinaries kubernetes)
    {
        var disk = folders.Disk(ControlPlaneName);
        Write(disk, "kube-proxy.yaml", NodeFiles.KubeProxy(disk, addresses.Pods));
        Write(disk, VariablesFile, Variables(ControlPlaneName, addresses.ControlPlane, kubernetes.Folders).Render());
    }

    private void WriteNode(string node, int index, KubernetesBinaries kubernetes, ContainerRuntime runtime)
    {
        var disk = folders.Disk(node);
        Write(disk, "containerd.toml", NodeFiles.Containerd(disk, runtime));
        Write(disk, "cni/pods.conflist", NodeFiles.PodNetwork(addresses.NodePods(index)));
        Write(disk, "kubelet.yaml", NodeFiles.Kubelet(disk, folders.Pki, ControlGroups.PathOf(shape.Name, node), kubernetes.MinorVersion));
        Write(disk, "kube-proxy.yaml", NodeFiles.KubeProxy(disk, addresses.Pods));
        // A copy: the original may be a link into the host's /run, which a node does not see.
        Write(disk, "resolv.conf", File.Exists("/etc/resolv.conf") ? File.ReadAllText("/etc/resolv.conf") : string.Empty);
        var variables = Variables(node, addresses.Node(index), [.. kubernetes.Folders, runtime.BinFolder]);
        Write(disk, VariablesFile, (variables with
        {
            Labels = $"topology.kubernetes.io/zone={ClusterShape.ZoneOf(node)},topology.kubernetes.io/region=local",
            KubeletFlags = NodeFiles.KubeletFlags(kubernetes.MinorVersion),
        }).Render());
    }

    private MachineVariables Variables(string machine, string address, IReadOnlyList<string> programs) => new()
    {
        Name = machine,
        Address = address,
        Disk = folders.Disk(machine),
        Run = folders.Run(machine),
        Pki = folders.Pki,
        Programs = programs,
        Services = addresses.Services,
    };

    private static void Write(string disk, string file, string content)
    {
        var path = Path.Combine(disk, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
