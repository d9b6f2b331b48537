using CacheOperator.Testbed;
using CacheOperator.Testbed.Install;
using CacheOperator.Testbed.Kubernetes;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>The operator's own pods: who leads, and what becomes of it.</summary>
internal sealed class OperatorPods(ClusterFixture cluster)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The name of the pod that holds the lease.</summary>
    public async Task<string> HolderAsync() =>
        (await cluster.Api.CoordinationV1.ReadNamespacedLeaseAsync(OperatorRelease.Name, OperatorRelease.Namespace, cancellationToken: Cancelled)).Spec.HolderIdentity;

    public async Task<V1Pod> LeaderAsync() =>
        await cluster.Api.CoreV1.ReadNamespacedPodAsync(await HolderAsync(), OperatorRelease.Namespace, cancellationToken: Cancelled);

    /// <summary>Nodes that carry a copy of the operator.</summary>
    public async Task<IReadOnlyList<string>> NodesAsync() =>
        [.. (await cluster.Api.CoreV1.ListNamespacedPodAsync(OperatorRelease.Namespace, cancellationToken: Cancelled)).Items.Select(pod => pod.Spec.NodeName)];

    /// <summary>Those that run and have not been told to go, as an earlier scenario's last ones may have been a moment ago.</summary>
    public async Task<IReadOnlyList<string>> LivesAsync() =>
        [.. (await cluster.Api.CoreV1.ListNamespacedPodAsync(OperatorRelease.Namespace, cancellationToken: Cancelled)).Items
            .Where(pod => pod is { Status.Phase: "Running", Metadata.DeletionTimestamp: null })
            .Select(pod => pod.Life())];

    /// <summary>As <c>kill -9</c> does: its container starts again in place, or another copy takes over.</summary>
    public async Task KillLeaderAsync()
    {
        var leader = await LeaderAsync();
        await cluster.Nodes.KillAsync(leader.Metadata.Uid, "cache-operator", Cancelled);
        await Wait.UntilAsync("the kubelet has started it again", Deadline, async () =>
            (await cluster.Api.CoreV1.ReadNamespacedPodAsync(leader.Metadata.Name, OperatorRelease.Namespace, cancellationToken: Cancelled)).Life() != leader.Life()
                ? null : "not yet", Cancelled);
    }

    /// <summary>Tells the leader's pod to go, and waits until another one leads.</summary>
    public async Task DeleteLeaderAsync()
    {
        var leader = (await LeaderAsync()).Metadata.Name;
        await cluster.Kubectl.RunAsync(Cancelled, "delete", "pod", leader, "--namespace", OperatorRelease.Namespace, "--wait=false");
        await WaitForAnotherAsync(leader);
    }

    /// <summary>Waits until another pod than this one holds the lease.</summary>
    public Task<TimeSpan> WaitForAnotherAsync(string leader) => Wait.UntilAsync("another one leads", Deadline, async () =>
        await HolderAsync() is { Length: > 0 } holder && holder != leader ? null : $"{leader} leads", Cancelled);
}
