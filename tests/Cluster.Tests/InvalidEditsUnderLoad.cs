using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

public sealed class InvalidEditsUnderLoad(ClusterFixture cluster) : Scenario(cluster)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Specs that cannot be, and what is said about each: the fields, and the way out. Who says it depends on the server: an old one leaves some to the operator.</summary>
    private static readonly (string Spec, string[] Said)[] Edits =
    [
        ("{ shards: 0 }", ["spec.shards"]),
        ("{ shards: 0, memory: lots, zones: [] }", ["spec.shards", "spec.memory", "spec.zones"]),
        ("{ shards: 99999999999 }", ["spec.shards"]),
        ("{ memory: -1Mi }", ["spec.memory"]),

        // From here on each field is fine by itself.
        ("{ memory: 64Mi, maxItemSize: 128Mi, proxy: { replicas: 5 } }", ["spec.maxItemSize", "raise spec.memory"]),
        ("{ zones: [atlantis] }", ["spec.zones", "atlantis", "known zones are"]),
        ("{ memory: 8388607Ti }", ["spec.memory", "16Ti"]),
        ("{ memory: 1Mi, zones: [atlantis, ATLANTIS], engine: { args: ['-m', '5'] } }", ["spec.memory", "spec.zones", "list each zone once", "spec.engine.args", "-m is set by the operator"]),
        ("{ engine: { args: ['-C'] } }", ["-C turns off the CAS values"]),
        ("{ engine: { resources: { limits: { memory: plenty } } } }", ["spec.engine.resources.limits.memory", "such as"]),
        ("{ engine: { resources: { limits: { memory: 64Mi } } } }", ["spec.engine.resources.limits.memory", "spec.engine.resources.requests.memory"]),
        ("{ podTemplate: { labels: { cacheoperator.dev/zone: elsewhere } } }", ["spec.podTemplate.labels", "cacheoperator.dev/zone"]),
        ("{ shardAutoscaling: { minShards: 3, maxShards: 2 } }", ["minShards", "maxShards"]),
    ];

    [Fact]
    public async Task No_edit_that_cannot_be_changes_what_runs_and_the_corrected_spec_goes_through()
    {
        var cache = await CreateCacheAsync();
        var client = await ClientAsync(cache);
        var load = await StartFilledAsync(client);
        var before = await Snapshot.SettledAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled);

        foreach (var (spec, said) in Edits)
        {
            var applied = await ApplyCacheAsync(spec);
            var answer = applied.Succeeded ? await InvalidSpecAsync(cache) : applied.Error;
            foreach (var words in said) Assert.Contains(words, answer, StringComparison.Ordinal);
        }

        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled));
        var told = (await cache.GetAsync(Cancelled))!;
        Assert.Equal(("False", "True"), (told.Condition("Ready"), told.Condition("Stalled")));
        await WaitUntilToldAsync(cache, "InvalidSpec", type: "Warning");
        AssertUndisturbed(await load.ObserveAsync(3, Cancelled));

        // Back to what there was: nothing to do. Then a change that is one.
        await CreateCacheAsync("{}");
        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled));
        await ChangeAsync("{ proxy: { replicas: 4 } }");
        await Wait.UntilAsync("four proxies are Ready", ReadyDeadline, async () =>
        {
            var proxies = (await cache.ProxiesAsync(Cancelled)).Count(pod => pod.IsReady());
            return proxies == 4 && (await cache.GetAsync(Cancelled))!.IsReady ? null : $"there are {proxies}";
        }, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
    }

    /// <summary>The conditions, once they say so of the newest spec.</summary>
    private static async Task<string> InvalidSpecAsync(CacheView cache)
    {
        await cache.WaitForAsync("Ready", "InvalidSpec", Deadline, Cancelled);
        return (await cache.GetAsync(Cancelled))!.ToString();
    }
}
