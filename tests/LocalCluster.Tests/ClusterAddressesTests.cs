using System.Net;

namespace CacheOperator.LocalCluster.Tests;

public sealed class ClusterAddressesTests
{
    private const int MostNodes = 60;
    private readonly ClusterAddresses _addresses = new(201);

    [Fact]
    public void No_node_has_the_address_of_the_host_or_the_control_plane()
    {
        var nodes = Enumerable.Range(0, MostNodes).Select(_addresses.Node).ToArray();

        Assert.Equal(MostNodes, nodes.Distinct().Count());
        Assert.DoesNotContain(_addresses.Host, nodes);
        Assert.DoesNotContain(_addresses.ControlPlane, nodes);
    }

    [Fact]
    public void Every_nodes_pods_are_among_the_pods_and_apart_from_nodes_and_Services()
    {
        var (pods, services) = (IPNetwork.Parse(_addresses.Pods), IPNetwork.Parse(_addresses.Services));

        foreach (var range in Enumerable.Range(0, MostNodes).Select(index => IPNetwork.Parse(_addresses.NodePods(index))))
        {
            Assert.True(pods.Contains(range.BaseAddress));
            Assert.False(services.Contains(range.BaseAddress));
        }

        Assert.False(pods.Contains(IPAddress.Parse(_addresses.Node(MostNodes - 1))));
        Assert.True(services.Contains(IPAddress.Parse(_addresses.ApiService)));
    }
}
