using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Tests.ApiServer;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Controllers;

/// <summary>Members' pods that the real controller of StatefulSets makes and replaces; that they run is what this says of them, there being no nodes.</summary>
internal sealed class MemberPods : IAsyncDisposable
{
    private static readonly string Selector = $"{CacheLabels.Component}={CacheLabels.Memcached}";

    private readonly ClusterStandIn _cluster;
    private readonly StatefulSetController _controller;
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Task _kubelet;

    private MemberPods(ClusterStandIn cluster, StatefulSetController controller)
    {
        (_cluster, _controller) = (cluster, controller);
        _kubelet = RunAllAsync();
    }

    public static async Task<MemberPods> StartAsync(KubeApiServer server, ClusterStandIn cluster) => new(cluster, await StatefulSetController.StartAsync(server));

    public async Task<IReadOnlyList<V1Pod>> ListAsync() =>
    [
        .. (await _cluster.Client.ListAsync<V1Pod>(_cluster.Key("").Namespace, Selector, 0, null, TestContext.Current.CancellationToken)).Items
            .OrderBy(p => p.Metadata.Name, StringComparer.Ordinal),
    ];

    public async Task<V1Pod> GetAsync(string name) => (await ListAsync()).Single(p => p.Metadata.Name == name);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _kubelet.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _controller.DisposeAsync();
        _end.Dispose();
    }

    private async Task RunAllAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            foreach (var pod in (await ListAsync()).Where(p => p.Status?.PodIP is null && p.Metadata.DeletionTimestamp is null)) await _cluster.RunPodAsync(pod);
            await Task.Delay(200, _end.Token);
        }
    }
}
