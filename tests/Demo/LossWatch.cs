using System.Globalization;
using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Testbed.Load;
using k8s;
using k8s.Models;

namespace CacheOperator.Demo;

/// <summary>Shows what a user would watch while a node is gone: the client's seconds, the cache's columns and conditions, events.</summary>
internal sealed class LossWatch(IKubernetes api, KubectlClient kubectl, CacheView cache, RunningLoad load, V1Pod lost, Screen screen)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly HashSet<string> _toldEvents = [];
    private readonly Dictionary<string, string> _conditions = [];
    private string? _columns;
    private int _toldSeconds;

    /// <summary>Takes what was there before as known.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var e in await cache.EventsAsync(cancellationToken)) _toldEvents.Add(Identity(e));
        TellConditions((await cache.GetAsync(cancellationToken))!, quietly: true);
        _columns = Columns((await cache.GetAsync(cancellationToken))!);
        _toldSeconds = load.Seconds().Count;
    }

    /// <summary>Watches until the replacement is warm and the cache Ready.</summary>
    /// <exception cref="TimeoutException">It took longer than <paramref name="deadline"/>.</exception>
    public async Task FollowAsync(Timeline timeline, TimeSpan deadline, CancellationToken cancellationToken)
    {
        while (!timeline.IsComplete)
        {
            if (timeline.Elapsed > deadline) throw new TimeoutException($"{lost.Metadata.Name} was not replaced and warm within {deadline.TotalSeconds:0} s");
            await Task.Delay(Interval, cancellationToken);
            var resource = await cache.GetAsync(cancellationToken) ?? throw new InvalidOperationException($"{cache.Name} was deleted");
            var replacement = (await cache.MembersAsync(cancellationToken))
                .FirstOrDefault(pod => pod.Metadata.Name == lost.Metadata.Name && pod.Metadata.Uid != lost.Metadata.Uid);
            timeline.Note(
                nodeNotReady: await IsNodeNotReadyAsync(cancellationToken),
                detected: resource.Condition("Ready") != "True",
                replaced: replacement?.Status.ContainerStatuses?.All(container => container.State.Running is not null) == true,
                warm: replacement is not null && replacement.IsWarm() && resource.IsReady);
            TellSeconds(resource);
            TellConditions(resource, quietly: false);
            await TellEventsAsync(cancellationToken);
            await TellColumnsAsync(resource, cancellationToken);
        }
    }

    private async Task<bool> IsNodeNotReadyAsync(CancellationToken cancellationToken)
    {
        var node = await api.CoreV1.ReadNodeAsync(lost.Spec.NodeName, cancellationToken: cancellationToken);
        return node.Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready")?.Status != "True";
    }

    private void TellSeconds(CacheResource resource)
    {
        foreach (var second in load.Seconds().Skip(_toldSeconds))
        {
            _toldSeconds = second.Second;
            var warmUp = resource.Status.WarmUps.FirstOrDefault();
            var progress = warmUp is null ? string.Empty : $"   warming {warmUp.Pod}: {warmUp.Percent} %, {warmUp.ItemsPerSecond} items/s";
            screen.Line(
                string.Create(CultureInfo.InvariantCulture, $"{second.Gets,5} gets/s  {second.HitRate,8:P2} hits  {second.GetErrors} errors  {second.Wrong} wrong  p99 {second.P99Ms,6:0.0} ms  max {second.MaxMs,6:0.0} ms{progress}"),
                second.HitRate < 1 ? "yellow" : "grey");
        }
    }

    private void TellConditions(CacheResource resource, bool quietly)
    {
        foreach (var condition in resource.Status.Conditions)
        {
            var text = $"{condition.Type}={condition.Status} ({condition.Reason}) {condition.Message}";
            if (_conditions.GetValueOrDefault(condition.Type) == text) continue;
            _conditions[condition.Type] = text;
            if (!quietly) screen.Line($"condition  {text}", "aqua");
        }
    }

    private async Task TellEventsAsync(CancellationToken cancellationToken)
    {
        foreach (var e in await cache.EventsAsync(cancellationToken))
        {
            if (_toldEvents.Add(Identity(e)))
                screen.Line($"event      {e.Type} {e.Reason} {e.InvolvedObject.Kind}/{e.InvolvedObject.Name}: {e.Message}", e.Type == "Normal" ? "green" : "yellow");
        }
    }

    private async Task TellColumnsAsync(CacheResource resource, CancellationToken cancellationToken)
    {
        var columns = Columns(resource);
        if (columns == _columns) return;
        _columns = columns;
        screen.Command("kubectl get rcache", await kubectl.RunAsync(cancellationToken, "get", "rcache", "--namespace", cache.Namespace));
    }

    /// <summary>What <c>kubectl get</c> shows, without the age.</summary>
    private static string Columns(CacheResource resource) =>
        $"{resource.Condition("Ready")} {resource.Reason("Ready")} {resource.Status.Members} {resource.Status.Warming}";

    private static string Identity(Corev1Event e) => $"{e.Metadata.Uid} {e.Count}";
}
