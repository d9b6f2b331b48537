using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Testbed.Load;

namespace CacheOperator.ClusterTests;

public sealed class PartitionAndHeal(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task A_member_that_is_cut_off_for_long_is_replaced_and_nobody_reads_its_zombie()
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        var cache = await CreateCacheAsync("{ nodeLoss: { gracePeriod: 15s } }");
        var lost = await LossCandidate.ChooseAsync(cache, Cancelled);
        var bystanders = await LivesAsync(cache, pod => pod.Zone() != lost.Zone());
        var client = await ClientAsync(cache, exceptNodes: [lost.Spec.NodeName]);
        await Overwritten(client, write: 0).FillAsync(Cancelled);
        var load = await StartFilledAsync(client);

        await Mishaps.PartitionNodeAsync(lost.Spec.NodeName);
        await OverwriteAsync(client);

        // An operator on the same node is replaced first, and then does at once what is due.
        await Wait.UntilAsync($"a warm replacement of {lost.Metadata.Name}", TimeSpan.FromSeconds(240), async () =>
            (await cache.MembersAsync(Cancelled)).Any(pod => pod.Metadata.Name == lost.Metadata.Name && pod.Metadata.Uid != lost.Metadata.Uid && pod.IsReady())
                ? null : "there is none", Cancelled);
        await Mishaps.MendNodeAsync(lost.Spec.NodeName, Cancelled);

        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        await AssertUpToDateAsync(cache);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Zone() != lost.Zone()));
        await AssertAlikeAsync(cache, client.Keys);
        Assert.Contains(await cache.EventsAsync(Cancelled), e => e.Reason == "NodeLost" && e.Message.Contains(lost.Spec.NodeName, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_member_that_is_cut_off_for_a_moment_comes_back_up_to_date()
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        var cache = await CreateCacheAsync("{ nodeLoss: { policy: Wait } }");
        var cutOff = await LossCandidate.ChooseAsync(cache, Cancelled);
        var lives = await LivesAsync(cache);
        var client = await ClientAsync(cache, exceptNodes: [cutOff.Spec.NodeName]);
        await Overwritten(client, write: 0).FillAsync(Cancelled);
        var load = await StartFilledAsync(client);

        await Mishaps.PartitionNodeAsync(cutOff.Spec.NodeName);
        await OverwriteAsync(client);
        await cache.WaitForAsync("Degraded", "NodeLost", ReadyDeadline, Cancelled);
        await Mishaps.MendNodeAsync(cutOff.Spec.NodeName, Cancelled);

        await AssertUpToDateAsync(cache);
        await load.ObserveAsync(3, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));

        // What it missed is made up for by each proxy, or by filling it anew.
        await Wait.UntilAsync("all members hold the same", ReadyDeadline, () => DifferenceAsync(cache, client.Keys), Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        await AssertUpToDateAsync(cache);
        Assert.Equal(lives, await LivesAsync(cache));
    }

    private static async Task OverwriteAsync(LoadClient client)
    {
        var overwritten = Overwritten(client, write: 1);
        Assert.Equal(overwritten.Keys, (await overwritten.FillAsync(Cancelled)).Writes);
    }

    /// <summary>Every proxy, those included that were cut off, answers with what was written meanwhile.</summary>
    private async Task AssertUpToDateAsync(CacheView cache)
    {
        foreach (var endpoint in (await ClientAsync(cache)).Endpoints)
        {
            var client = Overwritten(new LoadClient([endpoint]), write: 1);
            var read = await client.CheckAsync(TimeSpan.Zero, Cancelled);
            Assert.True(read.Hits == client.Keys, $"{endpoint}: {read}");
        }
    }

    private static LoadClient Overwritten(LoadClient client, int write) =>
        client with { Prefix = "overwritten", Keys = 2000, TimesToLive = [0], Write = write };
}
