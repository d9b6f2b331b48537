using CacheOperator.ClusterTests.Setup;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class PausedChangesNothing(ClusterFixture cluster) : Scenario(cluster)
{
    /// <summary>More than two of the operator's rounds at rest.</summary>
    private const int SecondsToDoNothing = 12;

    [Fact]
    public async Task While_paused_nothing_but_the_status_changes_and_then_everything_that_was_held_back()
    {
        var cache = await CreateCacheAsync("{ memory: 64Mi }");
        var client = await ClientAsync(cache);
        Assert.Equal(client.Keys, (await client.FillAsync(Cancelled)).Writes);
        var load = StartLoad(client);
        await ChangeAsync("{ memory: 64Mi, paused: true }");
        await cache.WaitForAsync("Progressing", "Paused", ReadyDeadline, Cancelled);
        await Kubectl.RunAsync(Cancelled, "delete", "service", "sessions-memcached", "--namespace", Namespace);
        var held = await Snapshot.SettledAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled);

        await ChangeAsync("{ memory: 96Mi, paused: true }");
        await cache.WaitForAsync("Ready", "Paused", ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.ObserveAsync(SecondsToDoNothing, Cancelled));
        Assert.Equal(held, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled));
        Assert.Equal("True", (await cache.GetAsync(Cancelled))!.Condition("Ready"));

        await ChangeAsync("{ memory: 96Mi }");
        await cache.WaitUntilReadyAsync(TimeSpan.FromSeconds(240), Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        await Kubectl.RunAsync(Cancelled, "get", "service", "sessions-memcached", "--namespace", Namespace);
        var members = await cache.MembersAsync(Cancelled);
        Assert.All(members, pod => Assert.Contains("96", pod.Spec.Containers[0].Args));
        AssertOneAfterTheOther(members);
    }
}
