using CacheOperator.LocalCluster.Nodes;

namespace CacheOperator.LocalCluster.Tests.Nodes;

public sealed class NodeFilesTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(26)]
    public void Old_kubelets_are_told_their_runtime_by_flags(int minorVersion)
    {
        Assert.Contains("--container-runtime=remote", NodeFiles.KubeletFlags(minorVersion), StringComparison.Ordinal);
        Assert.DoesNotContain("containerRuntimeEndpoint", Kubelet(minorVersion), StringComparison.Ordinal);
        Assert.DoesNotContain("failCgroupV1", Kubelet(minorVersion), StringComparison.Ordinal);
    }

    [Fact]
    public void New_kubelets_are_told_by_file_and_accept_control_groups_v1()
    {
        Assert.Empty(NodeFiles.KubeletFlags(36));
        Assert.Contains("containerRuntimeEndpoint: unix:///run/containerd/containerd.sock", Kubelet(36), StringComparison.Ordinal);
        Assert.Contains("failCgroupV1: false", Kubelet(36), StringComparison.Ordinal);
    }

    private static string Kubelet(int minorVersion) => NodeFiles.Kubelet("/disk", "/pki", "/group", minorVersion);
}
