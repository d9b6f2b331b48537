using CacheOperator.Testbed;
using CacheOperator.Testbed.Contents;
using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Testbed.Load;
using k8s.Models;
using Spectre.Console;

namespace CacheOperator.Demo;

/// <summary>The demo from beginning to end.</summary>
internal sealed class Demo(DemoOptions options, Screen screen)
{
    private const string Namespace = "default";
    private const string CacheName = "sessions";
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan GoneDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan WarmDeadline = TimeSpan.FromMinutes(5);

    /// <returns>Whether every promise was kept.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var stage = await Stage.SetAsync(options, screen, cancellationToken);
        var cache = new CacheView(stage.Api, Namespace, CacheName);
        await using var reach = new PodReach(stage.Kubectl);

        await ApplyAsync(stage, cache, cancellationToken);
        var lost = await LossCandidate.ChooseAsync(cache, cancellationToken);
        var client = await FillAsync(cache, reach, lost, cancellationToken);
        await using var load = client.Start(Path.Combine(Repository.Folder, "artifacts", "demo", "load.jsonl"));
        var outcome = await LoseAsync(stage, cache, client, load, reach, lost, cancellationToken);
        var kept = Conclude(outcome);
        await Farewell.SayAsync(screen, stage, cache, lost, cancellationToken);
        return kept;
    }

    private async Task ApplyAsync(Stage stage, CacheView cache, CancellationToken cancellationToken)
    {
        screen.Stage("Five lines, one replicated cache");
        var manifest = await File.ReadAllTextAsync(Repository.Sample, cancellationToken);
        if (await cache.GetAsync(cancellationToken) is not null)
        {
            screen.Report("removing the cache of an earlier run");
            await stage.Kubectl.RunAsync(cancellationToken, "delete", "rcache", CacheName, "--namespace", Namespace, "--timeout=60s");
            await cache.WaitUntilGoneAsync(GoneDeadline, cancellationToken);
        }

        screen.Command("cat samples/sessions.yaml", manifest);
        screen.Command("kubectl apply -f samples/sessions.yaml", await stage.Kubectl.RunAsync(cancellationToken, "apply", "--namespace", Namespace, "-f", Repository.Sample));
        var time = await cache.WaitUntilReadyAsync(ReadyDeadline, cancellationToken);
        screen.Line($"Ready after {time.TotalSeconds:0.0} s", "green");
        screen.Command("kubectl get rcache", await stage.Kubectl.RunAsync(cancellationToken, "get", "rcache", "--namespace", Namespace));
        screen.Command(
            "kubectl get pods -o wide",
            await stage.Kubectl.RunAsync(cancellationToken, "get", "pods", "--namespace", Namespace, "-o", "custom-columns=NAME:.metadata.name,PHASE:.status.phase,NODE:.spec.nodeName,IP:.status.podIP"));
    }

    private async Task<LoadClient> FillAsync(CacheView cache, PodReach reach, V1Pod lost, CancellationToken cancellationToken)
    {
        screen.Stage($"{options.Keys:N0} keys through the proxies, by pymemcache");
        await LoadClient.EnsureInstalledAsync(screen, cancellationToken);
        var endpoints = new List<string>();
        foreach (var proxy in (await cache.ProxiesAsync(cancellationToken)).Where(pod => pod.Spec.NodeName != lost.Spec.NodeName))
            endpoints.Add(await reach.OpenAsync(proxy, CacheView.MemcachedPort, cancellationToken));
        var client = new LoadClient(endpoints) { Keys = options.Keys };
        var filled = await client.FillAsync(cancellationToken);
        screen.Line($"{filled.Writes:N0} keys set, {filled.WriteErrors} failed; clients at {string.Join(", ", endpoints)}");
        return client;
    }

    private async Task<Outcome> LoseAsync(
        Stage stage, CacheView cache, LoadClient client, RunningLoad load, PodReach reach, V1Pod lost, CancellationToken cancellationToken)
    {
        screen.Line($"{client.Rate:N0} operations a second, some of many keys, every answer verified; {options.CalmSeconds} s of calm ...");
        var before = await load.ObserveAsync(options.CalmSeconds, cancellationToken);
        var bystanders = await BystandersAsync(cache, lost, cancellationToken);

        screen.Stage($"Node {lost.Spec.NodeName}, which carries {lost.Metadata.Name}, loses its power");
        var watch = new LossWatch(stage.Api, stage.Kubectl, cache, load, lost, screen);
        await watch.BeginAsync(cancellationToken);
        var timeline = new Timeline(TimeProvider.System);
        timeline.Stopped();
        await stage.Cluster.StopNodeAsync(lost.Spec.NodeName, cancellationToken);
        await watch.FollowAsync(timeline, WarmDeadline, cancellationToken);
        var during = load.Since(timeline.StoppedAt);
        screen.Line($"warm again; {options.CalmSeconds} s more ...", "green");
        var after = await load.ObserveAsync(options.CalmSeconds, cancellationToken);
        await load.StopAsync(cancellationToken);

        var members = await cache.MembersAsync(cancellationToken);
        var replacement = members.Single(pod => pod.Metadata.Name == lost.Metadata.Name);
        var neighbour = members.First(pod => pod.Metadata.Name != lost.Metadata.Name);
        var contents = ContentsComparison.Of(
            await MemberContents.ReadAsync(await reach.OpenAsync(neighbour, CacheView.MemcachedPort, cancellationToken), cancellationToken),
            await MemberContents.ReadAsync(await reach.OpenAsync(replacement, CacheView.MemcachedPort, cancellationToken), cancellationToken),
            DateTimeOffset.UtcNow);
        return new Outcome
        {
            Before = before,
            During = during,
            After = after,
            Check = await client.CheckAsync(TimeSpan.Zero, cancellationToken),
            Timeline = timeline,
            Contents = contents,
            Replacement = $"{replacement.Metadata.Name} on {replacement.Spec.NodeName}",
            Neighbour = $"{neighbour.Metadata.Name}",
            NeighboursUntouched = bystanders.SequenceEqual(await BystandersAsync(cache, lost, cancellationToken)),
        };
    }

    private bool Conclude(Outcome outcome)
    {
        screen.Stage("Summary");
        screen.Show(Summary.Clients(outcome));
        screen.Show(Summary.Recovery(outcome));
        var broken = outcome.BrokenPromises().ToList();
        foreach (var promise in broken) screen.Line($"BROKEN: {promise}", "red");
        if (broken.Count == 0) screen.Line("A node was lost; no client noticed, and the replacement is as warm as its neighbours.", "green");
        return broken.Count == 0;
    }

    private static async Task<List<string>> BystandersAsync(CacheView cache, V1Pod lost, CancellationToken cancellationToken) =>
        [.. (await cache.MembersAsync(cancellationToken)).Where(pod => pod.Metadata.Name != lost.Metadata.Name).Select(pod => pod.Life())];
}
