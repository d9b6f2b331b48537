using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class RolloutUnderLoad(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Another_size_is_rolled_out_member_by_member_and_no_client_notices()
    {
        var cache = await CreateCacheAsync("{ memory: 64Mi }");
        var before = await LivesAsync(cache);
        var proxies = (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Life()).ToList();
        var client = await ClientAsync(cache) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);

        await ChangeAsync("{ memory: 96Mi, engine: { args: ['-R', '40'] } }");
        await cache.WaitForAsync("Progressing", "RollingUpdate", ReadyDeadline, Cancelled);
        await cache.WaitUntilReadyAsync(TimeSpan.FromSeconds(240), Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));

        var members = await cache.MembersAsync(Cancelled);
        Assert.Equal(before.Count, members.Count);
        Assert.All(members, pod => Assert.Superset(new HashSet<string> { "96", "-R", "40" }, pod.Spec.Containers[0].Args.ToHashSet()));
        AssertOneAfterTheOther(members);
        await AssertAlikeAsync(cache, client.Keys);
        Assert.Equal(proxies, (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Life()));
        var events = await cache.EventsAsync(Cancelled);
        Assert.All(members, pod => Assert.Contains(events, e => e.Reason == "MemberReady" && e.Message.Contains(pod.Metadata.Name, StringComparison.Ordinal)));
    }
}
