using CacheOperator.ClusterTests.Setup;

namespace CacheOperator.ClusterTests;

public sealed class ApiServerAway(ClusterFixture cluster) : Scenario(cluster)
{
    /// <summary>More than the operator's lease.</summary>
    private const int SecondsAway = 35;

    private readonly OperatorPods _operator = new(cluster);

    [Fact]
    public async Task The_fleet_serves_without_the_API_server_and_is_looked_after_when_it_is_back()
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        var cache = await CreateCacheAsync();
        var victim = (await cache.MembersAsync(Cancelled))[0];
        var incarnation = await IncarnationAsync(cache, victim.Metadata.Uid);
        var bystanders = await LivesAsync(cache, pod => pod.Metadata.Uid != victim.Metadata.Uid);
        var operators = await _operator.LivesAsync();
        var client = await ClientAsync(cache);
        var load = await StartFilledAsync(client);

        Mishaps.StopApiServer();
        AssertUndisturbed(await load.ObserveAsync(5, Cancelled));

        // Nobody can say that this one is empty now: the proxies have to see it.
        await Cluster.Nodes.KillAsync(victim.Metadata.Uid, "memcached", Cancelled);
        AssertUndisturbed(await load.ObserveAsync(SecondsAway - 5, Cancelled));
        await Mishaps.StartApiServerAsync(Cancelled);

        await WaitUntilRestartedAsync(cache, victim.Metadata.Uid, incarnation);
        Assert.Contains(await cache.EventsAsync(Cancelled), e => e.Reason == "MemberRestarted");
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Metadata.Uid != victim.Metadata.Uid));
        Assert.Equal(operators, await _operator.LivesAsync());
        await AssertAlikeAsync(cache, client.Keys);
    }
}
