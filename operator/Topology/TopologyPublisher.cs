using CacheOperator.Operator.Observing;
using CacheOperator.Topology;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace CacheOperator.Operator.Topology;

/// <summary>Asks proxies how they are and gives them the topology. A proxy that does not answer is no error: it shows in what it is silent about.</summary>
internal sealed partial class TopologyPublisher(
    ProxyAdminClient client, TimeProvider time, CollectorRegistry registry, ILogger<TopologyPublisher> logger)
{
    private readonly Counter _pushes = Metrics.WithCustomRegistry(registry).CreateCounter(
        "cacheoperator_topology_pushes_total", "Topology documents sent to proxies.", "result");

    /// <summary>Asks every proxy for its status, all at once.</summary>
    /// <param name="pods">The proxies' pods; those that are Failed or Succeeded are left out.</param>
    /// <param name="token">Null when there is none yet: nobody is asked.</param>
    public async Task<IReadOnlyList<ObservedProxy>> PollAsync(
        ProxyRoster roster, IReadOnlyList<ObservedPod> pods, string? token, CancellationToken cancellationToken)
    {
        roster.Keep(pods.Select(p => p.Uid), time.GetUtcNow());
        if (token is not null)
            await Task.WhenAll(pods.Where(CanAnswer).Select(p => AskAsync(roster, p, token, atRest: false, cancellationToken)));
        return Observe(roster, pods);
    }

    /// <summary>The proxies as they answered last.</summary>
    public IReadOnlyList<ObservedProxy> Observe(ProxyRoster roster, IReadOnlyList<ObservedPod> pods)
    {
        var now = time.GetUtcNow();
        return [.. pods.Where(p => !p.Finished).Select(p => Observe(roster, p, now))];
    }

    /// <summary>Asks every proxy for its status, as <see cref="PollAsync"/> does.</summary>
    /// <returns>Whether all of them have answered what they answered before, but for the traffic.</returns>
    public async Task<bool> IsQuietAsync(ProxyRoster roster, IReadOnlyList<ObservedPod> pods, string token, CancellationToken cancellationToken) =>
        Array.TrueForAll(await Task.WhenAll(pods.Where(CanAnswer).Select(p => AskAsync(roster, p, token, atRest: true, cancellationToken))), isSame => isSame);

    /// <summary>Sends the document to every proxy that is behind it.</summary>
    /// <returns>Whether all of them have taken it.</returns>
    public async Task<bool> PushAsync(
        ProxyRoster roster, IReadOnlyList<ObservedPod> pods, TopologyDocument document, string token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var behind = pods.Where(CanAnswer).Where(p => (roster.Of(p.Uid, now).Status?.Generation ?? 0) < document.Generation).ToList();
        if (behind.Count == 0) return true;
        var json = TopologyJson.Write(document);
        var results = await Task.WhenAll(behind.Select(p => SendAsync(roster, p, json, token, cancellationToken)));
        return results.All(r => r);
    }

    private static bool CanAnswer(ObservedPod pod) => pod is { Ip: not null, Finished: false, ContainerRuns: true };

    private static ObservedProxy Observe(ProxyRoster roster, ObservedPod pod, DateTimeOffset now)
    {
        var (status, silentFor) = roster.Of(pod.Uid, now);
        return new ObservedProxy
        {
            Name = pod.Name,
            Node = pod.Node,
            Running = CanAnswer(pod),
            PodReady = pod.Ready,
            Status = status,
            SilentFor = silentFor,
            SettledGeneration = roster.SettledGeneration(pod.Uid),
        };
    }

    /// <returns>Whether it has answered the same as before.</returns>
    private async Task<bool> AskAsync(ProxyRoster roster, ObservedPod pod, string token, bool atRest, CancellationToken cancellationToken)
    {
        roster.Asked(pod.Uid, time.GetUtcNow());
        try
        {
            var status = await client.GetStatusAsync(pod.Ip!, token, cancellationToken);
            return roster.Answered(pod.Uid, status, time.GetUtcNow(), atRest);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or TopologyException)
        {
            LogSilent(pod.Name, e.Message);
            return false;
        }
    }

    private async Task<bool> SendAsync(ProxyRoster roster, ObservedPod pod, byte[] json, string token, CancellationToken cancellationToken)
    {
        try
        {
            var status = await client.PutTopologyAsync(pod.Ip!, token, json, cancellationToken);
            roster.Answered(pod.Uid, status, time.GetUtcNow());
            _pushes.WithLabels("success").Inc();
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or TopologyException)
        {
            _pushes.WithLabels("failure").Inc();
            LogPushFailed(pod.Name, e.Message);
            return false;
        }
    }

    [LoggerMessage(2200, LogLevel.Debug, "Proxy {Pod} did not tell its status: {Problem}")]
    private partial void LogSilent(string pod, string problem);

    [LoggerMessage(2201, LogLevel.Warning, "Proxy {Pod} did not take the topology: {Problem}")]
    private partial void LogPushFailed(string pod, string problem);
}
