using CacheOperator.Provisioning.Processes;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Contents;
using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Testbed.Load;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>
/// A scenario has a namespace of its own, which is removed after it. When it fails, what the cluster looked like is left in
/// <c>artifacts/e2e/SCENARIO/</c>.
/// </summary>
public abstract class Scenario(ClusterFixture cluster) : IAsyncLifetime
{
    protected static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Each zone counts a time to live from when the write reaches it. After half a second without an answer (--member-timeout) a write counts as missed and is
    /// made up for with the time that is left, but what a member was sent it applies when it comes to run, on a busy machine seconds later; clocks take two more. A copy
    /// that began the time anew would be off by the age of what it copies, and here nothing is lost before its keys are older than this.
    /// </summary>
    private const long SecondsApart = 5;

    private readonly List<RunningLoad> _loads = [];

    protected ClusterFixture Cluster { get; } = cluster;

    /// <summary>What this scenario does to machines; it is mended afterwards.</summary>
    private protected Mishaps Mishaps { get; } = new(cluster);

    protected IKubernetes Api => Cluster.Api;

    protected KubectlClient Kubectl => Cluster.Kubectl;

    protected PodReach Reach { get; } = new(cluster.Kubectl);

    protected string Namespace { get; private set; } = string.Empty;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Name => GetType().Name;

    private string Artifacts => Path.Combine(Repository.Folder, "artifacts", "e2e", Name);

    public async ValueTask InitializeAsync()
    {
        Namespace = $"{string.Concat(Name.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}")).Trim('-')}-{Guid.NewGuid().ToString()[..4]}";
        await Api.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Namespace } }, cancellationToken: Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed) await Evidence.SaveAsync(Kubectl, Namespace, Artifacts, patience.Token);
            foreach (var load in _loads) await load.DisposeAsync();
            await Reach.DisposeAsync();
        }
        finally
        {
            await Mishaps.MendAsync(patience.Token);

            // Proxies take their time to leave clients in peace; the next scenario need not wait for that.
            await Kubectl.RunAsync(patience.Token, "delete", "namespace", Namespace, "--wait=false");
        }
    }

    /// <summary>Creates <c>sessions</c> with the given spec (flow style YAML) and waits until it is Ready.</summary>
    protected async Task<CacheView> CreateCacheAsync(string spec = "{}")
    {
        await ChangeAsync(spec);
        var cache = new CacheView(Api, Namespace, "sessions");
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        return cache;
    }

    /// <summary>Gives <c>sessions</c> another spec, which the server has to take.</summary>
    protected async Task ChangeAsync(string spec)
    {
        var applied = await ApplyCacheAsync(spec);
        Assert.True(applied.Succeeded, applied.Error);
    }

    protected Task<CommandResult> ApplyCacheAsync(string spec) => Kubectl.ApplyAsync(
        $$"""
        apiVersion: cacheoperator.dev/v1alpha1
        kind: ReplicatedCache
        metadata: { name: sessions }
        spec: {{spec}}
        """, Namespace, Cancelled);

    /// <summary>A client of all proxies that are not on <paramref name="exceptNodes"/>.</summary>
    protected async Task<LoadClient> ClientAsync(CacheView cache, IReadOnlyCollection<string>? exceptNodes = null, string? zone = null)
    {
        var topology = await cache.TopologyAsync(Cancelled);
        var endpoints = new List<string>();
        foreach (var proxy in await cache.ProxiesAsync(Cancelled))
        {
            if (exceptNodes?.Contains(proxy.Spec.NodeName) == true || (zone is not null && topology.Nodes[proxy.Spec.NodeName] != zone)) continue;
            endpoints.Add(await Reach.OpenAsync(proxy, CacheView.MemcachedPort, Cancelled));
        }

        Assert.NotEmpty(endpoints);
        return new LoadClient(endpoints) { Prefix = "e2e", Keys = 20_000, TimesToLive = [0, 300, 3600, 86400], Rate = 1000 };
    }

    /// <summary>A second cache, in a namespace of its own, shows that the operator is at work, and has been through what it begins with.</summary>
    protected async Task WatchOperatorWorkAsync()
    {
        var other = $"{Namespace}-{Guid.NewGuid().ToString()[..4]}";
        await Kubectl.RunAsync(Cancelled, "create", "namespace", other);
        try
        {
            await Kubectl.RunAsync(Cancelled, "apply", "--namespace", other, "-f", Repository.Sample);
            await new CacheView(Api, other, "sessions").WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        }
        finally
        {
            await Kubectl.RunAsync(CancellationToken.None, "delete", "namespace", other, "--wait=false");
        }
    }

    /// <summary>Waits for an event whose message holds these words: events are written behind the status.</summary>
    protected static Task<TimeSpan> WaitUntilToldAsync(CacheView cache, string reason, string words = "", string? type = null) =>
        Wait.UntilAsync($"an event {reason} with \"{words}\"", TimeSpan.FromSeconds(30), async () =>
        {
            var events = await cache.EventsAsync(Cancelled);
            return events.Any(e => e.Reason == reason && e.Message.Contains(words, StringComparison.Ordinal) && (type ?? e.Type) == e.Type)
                ? null : string.Join(", ", events.Select(e => e.Reason).Distinct());
        }, Cancelled);

    /// <summary>Nodes of a zone, by name.</summary>
    protected async Task<IReadOnlyList<string>> NodesOfAsync(string zone) =>
        [.. (await Api.CoreV1.ListNodeAsync(labelSelector: $"topology.kubernetes.io/zone={zone}", cancellationToken: Cancelled)).Items.Select(node => node.Metadata.Name).Order()];

    /// <summary>Starts reading; ends with the scenario.</summary>
    protected RunningLoad StartLoad(LoadClient client)
    {
        var load = client.Start(Path.Combine(Artifacts, $"load-{_loads.Count + 1}.jsonl"));
        _loads.Add(load);
        return load;
    }

    /// <summary>Writes all keys and starts reading: all is well for some seconds, before anything happens.</summary>
    protected async Task<RunningLoad> StartFilledAsync(LoadClient client, int seconds = 3)
    {
        var filled = await client.FillAsync(Cancelled);
        Assert.True(filled.Writes == client.Keys, filled.ToString());
        var load = StartLoad(client);
        AssertUndisturbed(await load.ObserveAsync(seconds, Cancelled));
        return load;
    }

    /// <summary>Which memcached process serves in this pod.</summary>
    protected static async Task<string?> IncarnationAsync(CacheView cache, string uid) =>
        (await cache.TopologyAsync(Cancelled)).Members.Single(member => member.Uid == uid).Incarnation;

    /// <summary>Waits until another process serves in the pod, warm again. That the cache is Ready tells nothing as long as nobody has noticed.</summary>
    protected static async Task WaitUntilRestartedAsync(CacheView cache, string uid, string? incarnation)
    {
        await Wait.UntilAsync("the new process is Ready in the topology", ReadyDeadline, async () =>
        {
            var member = (await cache.TopologyAsync(Cancelled)).Members.Single(m => m.Uid == uid);
            return member.Incarnation != incarnation && member.State == Topology.MemberState.Ready ? null : member.ToString();
        }, Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
    }

    /// <summary>UID and restarts of the members that <paramref name="which"/> names, or of all: what is untouched has the same afterwards.</summary>
    protected static async Task<IReadOnlyList<string>> LivesAsync(CacheView cache, Func<V1Pod, bool>? which = null) =>
        [.. (await cache.MembersAsync(Cancelled)).Where(pod => which?.Invoke(pod) != false).Select(pod => pod.Life())];

    /// <summary>The pods were made one after the other, each only when the last one was warm.</summary>
    protected static void AssertOneAfterTheOther(IEnumerable<V1Pod> pods)
    {
        var ordered = pods.OrderBy(pod => pod.Metadata.CreationTimestamp).ToList();
        foreach (var (last, next) in ordered.Zip(ordered.Skip(1)))
        {
            var warm = last.Status.Conditions.Single(condition => condition.Type == "cacheoperator.dev/warm").LastTransitionTime;
            Assert.True(
                next.Metadata.CreationTimestamp >= warm,
                $"{next.Metadata.Name} was replaced at {next.Metadata.CreationTimestamp:T}, {last.Metadata.Name} was warm at {warm:T}");
        }
    }

    /// <summary>The members of every shard hold at least the filled keys among them, and each the same as those of other zones, item by item.</summary>
    protected async Task AssertAlikeAsync(CacheView cache, int keys)
    {
        if (await DifferenceAsync(cache, keys) is { } difference) Assert.Fail(difference);
    }

    /// <summary>What members lack of the filled keys, or hold otherwise than those of other zones; null when nothing.</summary>
    protected async Task<string?> DifferenceAsync(CacheView cache, int keys)
    {
        var shards = (await cache.TopologyAsync(Cancelled)).Members.ToDictionary(member => member.Uid, member => member.Shard);
        var total = 0;
        foreach (var shard in (await cache.MembersAsync(Cancelled)).GroupBy(pod => shards[pod.Metadata.Uid]))
        {
            IReadOnlyDictionary<string, CachedItem>? first = null;
            foreach (var member in shard)
            {
                var contents = await MemberContents.ReadAsync(await Reach.OpenAsync(member, CacheView.MemcachedPort, Cancelled), Cancelled);
                if (first is null) total += Compare(contents, contents).Total;
                var comparison = Compare(first ??= contents, contents);
                if (!comparison.AllIdentical) return $"{member.Metadata.Name}: {comparison}";
            }
        }

        return total >= keys ? null : $"only {total} of {keys} keys are there";
    }

    private static ContentsComparison Compare(IReadOnlyDictionary<string, CachedItem> source, IReadOnlyDictionary<string, CachedItem> target) =>
        ContentsComparison.Of(source, target, DateTimeOffset.UtcNow, SecondsApart);

    /// <summary>No client noticed anything: no error, no wrong value, no miss.</summary>
    protected static void AssertUndisturbed(LoadReport report)
    {
        Assert.True(report.Gets > 0, $"no traffic: {report}");
        Assert.True(report is { GetErrors: 0, Wrong: 0, WriteErrors: 0, Misses: 0 }, report.ToString());
    }
}
