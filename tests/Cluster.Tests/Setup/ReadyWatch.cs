using CacheOperator.Testbed.Kubernetes;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>Follows the members' pods, every change of them, and remembers the worst moment: how many zones had no Ready pod of a shard at once.</summary>
internal sealed class ReadyWatch : IAsyncDisposable
{
    private readonly IKubernetes _api;
    private readonly CacheView _cache;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, V1Pod> _pods = [];
    private readonly HashSet<(string Shard, string Zone)> _wanted = [];
    private readonly Lock _lock = new();
    private (int Zones, string When) _worst = (0, "all were Ready all the time");
    private Task _following = Task.CompletedTask;

    private ReadyWatch(IKubernetes api, CacheView cache) => (_api, _cache) = (api, cache);

    /// <summary>The most zones that lacked a Ready pod of the same shard, and how it looked then.</summary>
    public (int Zones, string When) Worst
    {
        get
        {
            lock (_lock) return _worst;
        }
    }

    /// <summary>Begins with members that are all Ready.</summary>
    public static async Task<ReadyWatch> StartAsync(IKubernetes api, CacheView cache, CancellationToken cancellationToken)
    {
        var watch = new ReadyWatch(api, cache);
        var version = await watch.ListAsync(cancellationToken);
        watch._following = watch.FollowAsync(version);
        return watch;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private string Selector => $"cacheoperator.dev/cache={_cache.Name},app.kubernetes.io/component=memcached";

    private async Task FollowAsync(string version)
    {
        while (true)
        {
            // A watch that ends is begun again; one that skips nothing starts where the list was made.
            try
            {
                await foreach (var (type, pod) in _api.CoreV1.WatchListNamespacedPodAsync(
                    _cache.Namespace, labelSelector: Selector, resourceVersion: version, cancellationToken: _stop.Token))
                {
                    Take(type, pod);
                }
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), _stop.Token);
            }

            version = await ListAsync(_stop.Token);
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var list = await _api.CoreV1.ListNamespacedPodAsync(_cache.Namespace, labelSelector: Selector, cancellationToken: cancellationToken);
        lock (_lock)
        {
            _pods.Clear();
            foreach (var pod in list.Items) _pods[pod.Metadata.Name] = pod;
            _wanted.UnionWith(list.Items.Select(Place));
            Judge();
        }

        return list.Metadata.ResourceVersion;
    }

    private void Take(WatchEventType type, V1Pod pod)
    {
        lock (_lock)
        {
            if (type == WatchEventType.Deleted) _pods.Remove(pod.Metadata.Name);
            else _pods[pod.Metadata.Name] = pod;
            Judge();
        }
    }

    private void Judge()
    {
        var ready = _pods.Values.Where(pod => pod.IsReady()).Select(Place).ToHashSet();
        foreach (var shard in _wanted.Except(ready).GroupBy(place => place.Shard))
        {
            if (shard.Count() <= _worst.Zones) continue;
            var pods = _pods.Values.Select(pod => $"{pod.Metadata.Name} {(pod.IsReady() ? "Ready" : "not Ready")}").Order(StringComparer.Ordinal);
            _worst = (shard.Count(), $"{DateTime.UtcNow:T}, shard {shard.Key}: {string.Join(", ", pods)}");
        }
    }

    private static (string Shard, string Zone) Place(V1Pod pod) => (pod.Metadata.Name[(pod.Metadata.Name.LastIndexOf('-') + 1)..], pod.Zone()!);
}
