using CacheOperator.LocalCluster;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Clusters;
using CacheOperator.Testbed.Install;
using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Testbed.Load;
using k8s;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>
/// The cluster that all scenarios share, with the operator installed by Helm: the one that <c>KUBECONFIG</c> names, else a local one that
/// is removed in the end (a local one that already runs is used and left running).
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public IKubernetes Api { get; private set; } = null!;

    public KubectlClient Kubectl { get; private set; } = null!;

    public ITestCluster Nodes { get; private set; } = null!;

    public OperatorRelease Operator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            await SetUpAsync(new TextProgress(Console.Error), TestContext.Current.CancellationToken);
        }
        catch
        {
            // xunit disposes only of what was initialised.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (Nodes is LocalTestCluster { WasUp: false } local) await local.DownAsync(CancellationToken.None);
    }

    public void SkipUnlessNodesCanBeStopped()
    {
        if (Nodes.WhyNodesStay is { } reason) Assert.Skip(reason);
    }

    public void SkipUnlessMachinesAreWithinReach()
    {
        if (Nodes.WhyMachinesAreOutOfReach is { } reason) Assert.Skip(reason);
    }

    /// <summary>Replaces every pod of the operator and waits until the new ones run.</summary>
    public async Task RestartOperatorAsync(CancellationToken cancellationToken)
    {
        await Kubectl.RunAsync(cancellationToken, "delete", "pods", "--namespace", OperatorRelease.Namespace, "--all", "--wait=true");
        await Kubectl.RunAsync(cancellationToken, "rollout", "status", "deployment", "--namespace", OperatorRelease.Namespace, "--timeout=120s");
    }

    /// <summary>Changes the number of the operator's copies and waits until they run.</summary>
    public async Task ScaleOperatorAsync(int replicas, CancellationToken cancellationToken)
    {
        await Kubectl.RunAsync(cancellationToken, "scale", "deployment", OperatorRelease.Name, "--namespace", OperatorRelease.Namespace, $"--replicas={replicas}");
        await Kubectl.RunAsync(cancellationToken, "rollout", "status", "deployment", "--namespace", OperatorRelease.Namespace, "--timeout=120s");
    }

    private async Task SetUpAsync(TextProgress progress, CancellationToken cancellationToken)
    {
        Nodes = GivenCluster() as ITestCluster
            ?? await LocalTestCluster.UpAsync(Environment.GetEnvironmentVariable("CACHEOPERATOR_CLUSTER") ?? ClusterShape.DefaultName, progress, cancellationToken);
        Kubectl = new KubectlClient(await Provisioning.Kubernetes.Kubectl.EnsureAsync(progress, cancellationToken), Nodes.Kubeconfig);
        Api = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Nodes.Kubeconfig));
        await LoadClient.EnsureInstalledAsync(progress, cancellationToken);
        Operator = new OperatorRelease(await Helm.EnsureAsync(progress, cancellationToken), Kubectl, OperatorRelease.ValuesFor(Nodes));
        progress.Report("installing the operator by Helm");
        try
        {
            await Operator.InstallAsync(cancellationToken);
        }
        catch (ProvisioningException)
        {
            await Evidence.SaveAsync(Kubectl, OperatorRelease.Namespace, Path.Combine(Repository.Folder, "artifacts", "e2e", "install"), CancellationToken.None);
            throw;
        }
    }

    private static GivenCluster? GivenCluster() =>
        Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } kubeconfig
            ? new GivenCluster(kubeconfig)
            {
                StopNodeCommand = Environment.GetEnvironmentVariable("CACHEOPERATOR_STOP_NODE_COMMAND"),
                StartNodeCommand = Environment.GetEnvironmentVariable("CACHEOPERATOR_START_NODE_COMMAND"),
            }
            : null;
}
