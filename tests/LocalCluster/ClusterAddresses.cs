using System.Globalization;

namespace CacheOperator.LocalCluster;

/// <summary>The addresses of one cluster, all inside 10.<paramref name="Network"/>.0.0/16.</summary>
/// <param name="Network">Second octet, free on this machine when the cluster came up.</param>
internal readonly record struct ClusterAddresses(int Network)
{
    private const int FirstNodeHost = 11;
    private const int FirstPodSubnet = 64;

    /// <summary>This machine's own address in the cluster's network.</summary>
    public string Host => Address(0, 1);

    /// <summary>The control plane, which also is the host's way to Services.</summary>
    public string ControlPlane => Address(0, 2);

    public string ApiServer => $"https://{ControlPlane}:6443";

    public string Pods => $"{Address(FirstPodSubnet, 0)}/18";

    public string Services => $"{Address(128, 0)}/17";

    /// <summary>The first Service address, which Kubernetes gives to the API server.</summary>
    public string ApiService => Address(128, 1);

    /// <param name="index">Place of the node among all nodes, from 0.</param>
    public string Node(int index) => Address(0, FirstNodeHost + index);

    public string NodePods(int index) => $"{Address(FirstPodSubnet + index, 0)}/24";

    private string Address(int third, int fourth) => string.Create(CultureInfo.InvariantCulture, $"10.{Network}.{third}.{fourth}");
}
