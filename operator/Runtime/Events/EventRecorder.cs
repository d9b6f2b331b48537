using System.Text.Json.Nodes;
using System.Threading.Channels;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.Events;

/// <summary>
/// Writes events in the background, as core/v1: every kubectl and dashboard shows count and times of those.
/// What cannot be written is dropped and counted; an event is never worth a failed reconcile.
/// </summary>
internal sealed partial class EventRecorder(ApiClient client, TimeProvider time, RuntimeMetrics metrics, ILogger<EventRecorder> logger)
    : BackgroundService, IEventRecorder
{
    private const string Component = "cache-operator";
    private const int MaxQueued = 1000;
    private const int MaxRemembered = 2000;

    /// <summary>The server forgets events after an hour; a series that old starts anew.</summary>
    private static readonly TimeSpan SeriesAge = TimeSpan.FromMinutes(10);

    private readonly Channel<Note> _queue = Channel.CreateBounded<Note>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly Dictionary<EventSeriesKey, EventSeries> _series = [];

    /// <summary>One for each reason: what happens often must not silence what happens once.</summary>
    private readonly Dictionary<(string Uid, string Reason), EventBudget> _budgets = [];

    public void Record(IKubernetesObject<V1ObjectMeta> regarding, EventType type, string reason, string message)
    {
        var kind = ResourceKind.Of(regarding.GetType());
        var reference = new V1ObjectReference
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            Name = regarding.Metadata.Name,
            NamespaceProperty = regarding.Metadata.NamespaceProperty,
            Uid = regarding.Metadata.Uid,
            ResourceVersion = regarding.Metadata.ResourceVersion,
        };
        if (!_queue.Writer.TryWrite(new Note(reference, type, reason, message, time.GetUtcNow())))
            Count("dropped");
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What is queued is still sent, as long as the host waits.
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } sending)
            await sending.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var note in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await SendAsync(note, stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Count("failed");
                LogFailed(e, note.Reason, note.Regarding.Kind, note.Regarding.Name);
            }
        }
    }

    private async Task SendAsync(Note note, CancellationToken cancellationToken)
    {
        Prune(note.At);
        var subject = (note.Regarding.Uid, note.Reason);
        if (!_budgets.TryGetValue(subject, out var budget))
            _budgets[subject] = budget = new EventBudget(note.At);
        if (!budget.TryTake(note.At))
        {
            Count("dropped");
            return;
        }

        var key = new EventSeriesKey(note.Regarding.Uid, note.Type, note.Reason, note.Message);
        var series = _series.TryGetValue(key, out var known) ? await RepeatAsync(known, note, cancellationToken) : null;
        _series[key] = series ?? await CreateAsync(note, cancellationToken);
        Count("sent");
    }

    /// <returns>Null when the server has forgotten the event.</returns>
    private async Task<EventSeries?> RepeatAsync(EventSeries series, Note note, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["count"] = series.Count + 1,
            ["lastTimestamp"] = note.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        };
        try
        {
            await client.PatchAsync<Corev1Event>(series.Key, null, PatchFormat.StrategicMerge, patch, Component, cancellationToken);
            return series with { Count = series.Count + 1, Last = note.At };
        }
        catch (ApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private async Task<EventSeries> CreateAsync(Note note, CancellationToken cancellationToken)
    {
        var regarding = note.Regarding;
        var created = await client.CreateAsync(
            new Corev1Event
            {
                Metadata = new V1ObjectMeta
                {
                    // Events of cluster-scoped objects live in "default".
                    NamespaceProperty = regarding.NamespaceProperty ?? "default",
                    Name = $"{regarding.Name}.{Guid.NewGuid():N}",
                },
                InvolvedObject = regarding,
                Type = note.Type.ToString(),
                Reason = note.Reason,
                Message = note.Message.Length > 1024 ? note.Message[..1024] : note.Message,
                FirstTimestamp = note.At.UtcDateTime,
                LastTimestamp = note.At.UtcDateTime,
                Count = 1,
                Source = new V1EventSource { Component = Component },
                ReportingComponent = Component,
                ReportingInstance = Environment.MachineName,
            },
            cancellationToken);
        return new EventSeries(ObjectKey.Of(created), 1, note.At);
    }

    private void Prune(DateTimeOffset now)
    {
        foreach (var (key, series) in _series)
        {
            if (now - series.Last > SeriesAge || _series.Count > MaxRemembered)
                _series.Remove(key);
        }

        foreach (var (subject, budget) in _budgets)
        {
            if (now - budget.Last > SeriesAge * 2 || _budgets.Count > MaxRemembered)
                _budgets.Remove(subject);
        }
    }

    private void Count(string outcome) => metrics.Events.WithLabels(outcome).Inc();

    [LoggerMessage(1500, LogLevel.Warning, "Event {Reason} of {Kind} {Name} could not be written")]
    private partial void LogFailed(Exception error, string reason, string kind, string name);

    private sealed record Note(V1ObjectReference Regarding, EventType Type, string Reason, string Message, DateTimeOffset At);
}
