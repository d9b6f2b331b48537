using System.Globalization;
using System.Net.NetworkInformation;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster.Networking;

/// <summary>
/// The cables of a cluster. A switch (a bridge) in the control plane's namespace connects the machines and the host; every machine routes to
/// every node's pods. In the host's namespace there are one interface and its routes, and no packet filter rule.
/// </summary>
internal sealed class ClusterNetwork(ClusterShape shape, ClusterAddresses addresses)
{
    /// <summary>Where `ip netns` keeps what it makes.</summary>
    public const string NamespaceFolder = "/run/netns";

    private const int FirstNetwork = 201;
    private const int LastNetwork = 250;
    private const string Switch = "switch";

    /// <summary>Redirects would tell the host to send Service traffic around the control plane, which translates it.</summary>
    private const string RouterSettings =
        """
        cd /proc/sys/net/ipv4
        echo 1 >ip_forward
        echo 0 >conf/all/send_redirects
        echo 0 >conf/default/send_redirects
        """;

    private readonly string[] _nodes = [.. shape.NodeNames()];

    private string HostInterface => Prefix(shape.Name);

    private string ControlPlane => Prefix(shape.Name);

    /// <summary>Finds a 10.N.0.0/16 that no interface of this machine has.</summary>
    public static ClusterAddresses FindFree()
    {
        var taken = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(nic => nic.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address.GetAddressBytes())
            .Where(bytes => bytes is [10, ..])
            .Select(bytes => (int)bytes[1])
            .ToHashSet();
        var free = Enumerable.Range(FirstNetwork, LastNetwork - FirstNetwork + 1).FirstOrDefault(network => !taken.Contains(network));
        return free != 0
            ? new ClusterAddresses(free)
            : throw new ProvisioningException($"no free network between 10.{FirstNetwork}.0.0/16 and 10.{LastNetwork}.0.0/16");
    }

    /// <summary>Path of the network namespace of a machine; null for the control plane.</summary>
    public string NamespaceOf(string? node) => Path.Combine(NamespaceFolder, NamespaceName(node));

    /// <summary>Lays the cables of the control plane and of the host.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await AddNamespaceAsync(null, cancellationToken);
        await IpAsync(null, $"link add {HostInterface} type veth peer name host netns {ControlPlane}", cancellationToken);
        await IpAsync(
            ControlPlane,
            $"""
            link add {Switch} type bridge
            addr add {addresses.ControlPlane}/24 dev {Switch}
            link set {Switch} up
            link set host master {Switch}
            link set host up
            """,
            cancellationToken);
        await IpAsync(
            null,
            $"""
            addr add {addresses.Host}/24 dev {HostInterface}
            link set {HostInterface} up
            route add {addresses.Services} via {addresses.ControlPlane}
            """,
            cancellationToken);
        await IpAsync(null, PodRoutes(except: null), cancellationToken);
        await IpAsync(ControlPlane, PodRoutes(except: null), cancellationToken);
    }

    /// <summary>Gives a node a network and plugs it in.</summary>
    public async Task AddNodeAsync(string node, CancellationToken cancellationToken)
    {
        await AddNamespaceAsync(node, cancellationToken);
        await IpAsync(ControlPlane, $"link add {node} type veth peer name eth0 netns {NamespaceName(node)}", cancellationToken);
        await IpAsync(ControlPlane, $"link set {node} master {Switch}", cancellationToken);
        await SetPluggedAsync(node, true, cancellationToken);
        await IpAsync(
            NamespaceName(node),
            $"""
            addr add {addresses.Node(Array.IndexOf(_nodes, node))}/24 dev eth0
            link set eth0 up
            route add default via {addresses.Host}
            {PodRoutes(except: node)}
            """,
            cancellationToken);
    }

    /// <summary>Pulls a node's plug or puts it back; it notices no more than a loss of carrier.</summary>
    public Task SetPluggedAsync(string node, bool plugged, CancellationToken cancellationToken) =>
        IpAsync(ControlPlane, $"link set {node} {(plugged ? "up" : "down")}", cancellationToken);

    public async Task<bool> IsPluggedAsync(string node, CancellationToken cancellationToken)
    {
        var link = await new Command("ip", "-n", ControlPlane, "-brief", "link", "show", node).TryRunAsync(cancellationToken);
        return link.Succeeded && link.Output.Contains(" UP ", StringComparison.Ordinal);
    }

    /// <summary>Removes a node's cable and namespace, whether they are there or not.</summary>
    public async Task RemoveNodeAsync(string node, CancellationToken cancellationToken)
    {
        await new Command("ip", "-n", ControlPlane, "link", "delete", node).TryRunAsync(cancellationToken);
        await new Command("ip", "netns", "delete", NamespaceName(node)).TryRunAsync(cancellationToken);
    }

    /// <summary>Removes whatever there is of the network of a cluster of this name.</summary>
    public static async Task RemoveAllAsync(string cluster, CancellationToken cancellationToken)
    {
        await new Command("ip", "link", "delete", Prefix(cluster)).TryRunAsync(cancellationToken);
        var namespaces = Directory.Exists(NamespaceFolder) ? Directory.GetFiles(NamespaceFolder).Select(file => Path.GetFileName(file)) : [];
        foreach (var name in namespaces.Where(name => name == Prefix(cluster) || name.StartsWith($"{Prefix(cluster)}-", StringComparison.Ordinal)))
        {
            await new Command("ip", "netns", "delete", name).TryRunAsync(cancellationToken);
        }
    }

    private static string Prefix(string cluster) => $"co-{cluster}";

    private string NamespaceName(string? node) => node is null ? ControlPlane : $"{ControlPlane}-{node}";

    private string PodRoutes(string? except) => string.Join(
        '\n',
        _nodes.Index().Where(node => node.Item != except).Select(node =>
            string.Create(CultureInfo.InvariantCulture, $"route add {addresses.NodePods(node.Index)} via {addresses.Node(node.Index)}")));

    private async Task AddNamespaceAsync(string? node, CancellationToken cancellationToken)
    {
        var name = NamespaceName(node);
        await new Command("ip", "netns", "add", name).RunAsync(cancellationToken);
        await IpAsync(name, "link set lo up", cancellationToken);
        await new Command("nsenter", $"--net={NamespaceOf(node)}", "sh", "-c", RouterSettings).RunAsync(cancellationToken);
    }

    private static async Task IpAsync(string? networkNamespace, string commands, CancellationToken cancellationToken)
    {
        string[] inside = networkNamespace is null ? [] : ["-n", networkNamespace];
        await new Command("ip", [.. inside, "-batch", "-"]) { Input = commands + "\n" }.RunAsync(cancellationToken);
    }
}
