using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Testbed.Clusters;
using CacheOperator.Testbed.Install;
using CacheOperator.Testbed.Kubernetes;
using k8s;

namespace CacheOperator.Demo;

/// <summary>A cluster with the operator on it.</summary>
internal sealed record Stage(ITestCluster Cluster, KubectlClient Kubectl, IKubernetes Api)
{
    public static async Task<Stage> SetAsync(DemoOptions options, Screen screen, CancellationToken cancellationToken)
    {
        screen.Stage(options.Kubeconfig is null ? "A Kubernetes of three zones on this machine" : $"The cluster of {options.Kubeconfig}");
        var cluster = await ClusterAsync(options, screen, cancellationToken);
        var kubectl = new KubectlClient(await Provisioning.Kubernetes.Kubectl.EnsureAsync(screen, cancellationToken), cluster.Kubeconfig);
        screen.Command(
            "kubectl get nodes -L topology.kubernetes.io/zone",
            await kubectl.RunAsync(cancellationToken, "get", "nodes", "-L", "topology.kubernetes.io/zone"));

        screen.Stage("The operator, installed by Helm");
        var release = new OperatorRelease(await Helm.EnsureAsync(screen, cancellationToken), kubectl, [.. OperatorRelease.ValuesFor(cluster), .. options.ChartValues]);
        screen.Command(
            $"helm upgrade --install {OperatorRelease.Name} charts/cache-operator --namespace {OperatorRelease.Namespace} --create-namespace --wait",
            string.Empty);
        await release.InstallAsync(cancellationToken);
        screen.Command(
            $"kubectl get pods --namespace {OperatorRelease.Namespace}",
            await kubectl.RunAsync(cancellationToken, "get", "pods", "--namespace", OperatorRelease.Namespace));
        return new Stage(cluster, kubectl, new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Kubeconfig)));
    }

    private static async Task<ITestCluster> ClusterAsync(DemoOptions options, Screen screen, CancellationToken cancellationToken)
    {
        if (options.Kubeconfig is null) return await LocalTestCluster.UpAsync(options.ClusterName, screen, cancellationToken);
        return new GivenCluster(options.Kubeconfig) { StopNodeCommand = options.StopNodeCommand, StartNodeCommand = options.StartNodeCommand };
    }
}
