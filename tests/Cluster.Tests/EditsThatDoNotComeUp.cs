using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class EditsThatDoNotComeUp(ClusterFixture cluster) : Scenario(cluster)
{
    /// <summary>Specs that nobody can refuse beforehand, the reason that Degraded gives, and the words that lead to the field.</summary>
    private static readonly (string Spec, string Reason, string Said)[] Edits =
    [
        ("{ engine: { args: ['--no-such-option'] } }", "PodFailing", "sessions-"),
        ("{ memory: 4Ti }", "PodUnschedulable", "memory"),
        ("{ engine: { image: 'not an image' } }", "PodFailing", "InvalidImageName"),
        ("{ podTemplate: { priorityClassName: nobodys } }", "PodNotCreated", "nobodys"),
        ("{ podTemplate: { labels: { team: 'not a label!' } } }", "ApplyFailed", "label"),
    ];

    [Fact]
    public async Task Each_stops_at_one_pod_and_the_next_edit_gets_through_by_itself()
    {
        var cache = await CreateCacheAsync();
        var client = await ClientAsync(cache) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);
        await using var watch = await ReadyWatch.StartAsync(Api, cache, Cancelled);

        foreach (var (spec, reason, said) in Edits)
        {
            var proxies = (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Life());
            await ChangeAsync(spec);
            await cache.WaitForAsync("Degraded", reason, ReadyDeadline, Cancelled);
            var told = (await cache.GetAsync(Cancelled))!;
            Assert.Contains(said, told.Status.Conditions.Single(c => c.Type == "Degraded").Message, StringComparison.Ordinal);
            Assert.Equal(("True", "False"), (told.Condition("Available"), told.Condition("Ready")));
            await WaitUntilToldAsync(cache, reason, said, "Warning");
            AssertUndisturbed(await load.ObserveAsync(3, Cancelled));

            // Those that still serve must be as they were. A proxy comes up beside the old ones, or does not.
            Assert.True((await cache.MembersAsync(Cancelled)).Count(pod => pod.IsReady()) >= 2, told.ToString());
            Assert.Superset(proxies.ToHashSet(), (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Life()).ToHashSet());
        }

        // Less memory than before is an edit like any other.
        await ChangeAsync("{ memory: 64Mi }");
        await cache.WaitUntilReadyAsync(TimeSpan.FromSeconds(240), Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.All(await cache.MembersAsync(Cancelled), pod => Assert.Contains("64", pod.Spec.Containers[0].Args));
        Assert.True(watch.Worst.Zones == 1, watch.Worst.When);
        await AssertAlikeAsync(cache, client.Keys);
    }
}
