using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Contents;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

public sealed class ReshardingUnderLoad(ClusterFixture cluster) : Scenario(cluster)
{
    private static readonly TimeSpan ReshardedDeadline = TimeSpan.FromSeconds(240);

    [Fact]
    public async Task A_cache_grows_and_shrinks_by_kubectl_scale_and_no_client_notices()
    {
        var cache = await CreateCacheAsync("{ memory: 64Mi }");
        var zones = (await cache.TopologyAsync(Cancelled)).Zones.Count;
        var first = await LivesAsync(cache);
        var client = (await ClientAsync(cache)) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client, seconds: 5);

        await ScaleAsync(cache, 2);
        Assert.Equal(2 * zones, (await cache.MembersAsync(Cancelled)).Count);
        AssertUndisturbed(await load.ObserveAsync(5, Cancelled));
        var halves = await ContentsAsync(cache);
        foreach (var members in halves.GroupBy(half => half.Zone))
        {
            Assert.All(members, member => Assert.InRange(member.Items.Count, client.Keys * 4 / 10, client.Keys * 6 / 10));
            Assert.Equal(client.Keys, members.SelectMany(member => member.Items.Keys).Distinct().Count());
            Assert.Equal(client.Keys, members.Sum(member => member.Items.Count));
        }

        await ScaleAsync(cache, 1);
        await Wait.UntilAsync("the members that were given up are gone", ReadyDeadline, async () =>
        {
            var members = await LivesAsync(cache);
            return members.SequenceEqual(first) ? null : string.Join(", ", members);
        }, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.All(await ContentsAsync(cache), member => Assert.Equal(client.Keys, member.Items.Count));
        var events = await cache.EventsAsync(Cancelled);
        foreach (var reason in new[] { "ReshardingStarted", "ReshardingSwitched", "ReshardingFinished" })
            Assert.Contains(events, e => e.Reason == reason);
    }

    private async Task ScaleAsync(CacheView cache, int shards)
    {
        await Kubectl.RunAsync(Cancelled, "scale", "rcache", cache.Name, "--namespace", cache.Namespace, $"--replicas={shards}");
        await Wait.UntilAsync($"{shards} shards", ReshardedDeadline, async () =>
        {
            var resource = (await cache.GetAsync(Cancelled))!;
            var topology = await cache.TopologyAsync(Cancelled);
            return resource.IsReady && topology.Shards == shards && topology.Resharding is null ? null : $"{topology.Resharding}; {resource}";
        }, Cancelled);
    }

    /// <summary>What every member holds of the filled keys.</summary>
    private async Task<IReadOnlyList<(string Zone, IReadOnlyDictionary<string, CachedItem> Items)>> ContentsAsync(CacheView cache)
    {
        var contents = new List<(string, IReadOnlyDictionary<string, CachedItem>)>();
        foreach (var pod in await cache.MembersAsync(Cancelled))
        {
            var items = await MemberContents.ReadAsync(await Reach.OpenAsync(pod, CacheView.MemcachedPort, Cancelled), Cancelled);
            contents.Add((pod.Zone()!, items.Where(item => item.Key.StartsWith("e2e:", StringComparison.Ordinal) && !item.Value.IsTombstone).ToDictionary()));
        }

        return contents;
    }
}
