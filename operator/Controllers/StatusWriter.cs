using CacheOperator.Operator.Api;
using CacheOperator.Operator.NodeLoss;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Rollouts;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Topology;
using CacheOperator.Operator.WarmUp;
using k8s.Models;

namespace CacheOperator.Operator.Controllers;

/// <summary>Computes the status from what this reconcile saw, writes it when it changed, and tells when the cache became ready or stopped being so.</summary>
internal sealed class StatusWriter(ObjectApplier applier, IEventRecorder events, TimeProvider time)
{
    /// <returns>Whether everything that is wanted is there, warm and serving.</returns>
    public async Task<bool> WriteAsync(
        Situation situation, TopologyOutcome outcome, ApplyResult objects, IReadOnlyList<NodeLossDecision> losses, CancellationToken cancellationToken)
    {
        var (cache, session, now) = (situation.Cache, situation.Session, time.GetUtcNow());
        var overdue = session.MissingPods.Overdue(situation.Observed, now);
        var input = Input(situation, outcome, objects, losses, overdue);
        var volatileDue = now - session.StatusWritten >= VolatileNumbers.Interval;
        var status = StatusBuilder.Build(input, cache, volatileDue, now);
        var ready = status.Conditions!.First(c => c.Type == ConditionTypes.Ready);
        if (await applier.ApplyStatusAsync(new ReplicatedCache { Metadata = cache.Metadata, Status = status }, cache, cancellationToken))
        {
            session.StatusWritten = now;
            TellTransition(cache, ready);
            TellImages(cache, situation.Images);
        }

        return ready.Status == "True";
    }

    private static StatusInput Input(
        Situation situation, TopologyOutcome outcome, ApplyResult objects, IReadOnlyList<NodeLossDecision> losses, IReadOnlyList<string> overdue)
    {
        var observed = situation.Observed;
        var name = situation.Cache.Metadata.Name;
        return new StatusInput
        {
            Paused = situation.Paused,
            Faults = situation.Faults,
            ApplyErrors = objects.Errors,
            Document = outcome.Document,
            Zones = situation.Context?.Layout.Zones ?? outcome.Document?.Zones ?? [],
            UnusedZones = situation.Context is { } rendered ? ZoneDiscovery.Unused(rendered.Settings, rendered.Layout, observed) : [],
            DefaultImages = situation.Images,
            OutdatedImages = situation.OutdatedImages,
            ProxyAutoscaling = AutoscalingState(situation),
            ShardScaling = situation.Settings?.ShardAutoscaling is null ? null : outcome.ShardScaling,
            DesiredProxies = situation.Context is { } context
                ? ProxyDeployment.Replicas(context)
                : observed.ProxyDeployment?.Spec.Replicas ?? 0,
            ReadyProxies = observed.Proxies.Count(p => p is { Ready: true, Terminating: false }),
            Proxies = outcome.Proxies,
            Problems =
            [
                .. PodProblems.Find(observed.Members.Concat(observed.Proxies)),
                .. PodProblems.FindNotCreated(overdue, observed.ProxyDeployment),
            ],
            NodeLoss = losses,
            TimedOut = [.. observed.Members.Where(p => p.WarmCondition is { Status: "True", Reason: GateReasons.WarmUpTimedOut }).Select(p => p.Name)],
            Rollout = objects.Rollout,
            Growth = objects.Growth,

            // An invalid spec changes nothing, the endpoint included.
            Endpoint = situation.Context is { } valid ? ClientService.Endpoint(valid) : situation.Cache.Status?.Endpoint,
            Selector = string.Join(",", CacheLabels.Selector(name, CacheLabels.Memcached).Select(l => $"{l.Key}={l.Value}")),
        };
    }

    private static ProxyAutoscalingState? AutoscalingState(Situation situation)
    {
        if (situation.Context is not { Settings.ProxyAutoscaling: not null } context) return null;
        if (!context.AutoscalesProxies) return ProxyAutoscalingState.NotServed;
        return situation.Observed.ProxyAutoscaler?.Status?.Conditions?.Any(c => c is { Type: "ScalingActive", Status: "False" }) == true
            ? ProxyAutoscalingState.WithoutMetrics
            : ProxyAutoscalingState.InPlace;
    }

    private void TellImages(ReplicatedCache cache, DefaultImagesStatus chosen)
    {
        if (cache.Status?.DefaultImages is not { } before) return;
        var changes = ImagePins.Differences(cache.Spec, before, chosen).Select(d => $"{d.Of} from {d.One} to {d.Other}").ToList();
        if (changes.Count > 0) events.Record(cache, EventType.Normal, "ImagesUpdated", $"The images are updated: {string.Join(", ", changes)}");
    }

    private void TellTransition(ReplicatedCache cache, V1Condition ready)
    {
        var before = cache.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);
        if (before?.Status == ready.Status && before?.Reason == ready.Reason) return;
        if (ready.Status == "True")
            events.Record(cache, EventType.Normal, "Ready", ready.Message);
        else if (ready.Reason is Reasons.InvalidSpec or Reasons.ApplyFailed or Reasons.ZoneDown or Reasons.PodFailing or Reasons.PodUnschedulable or Reasons.PodNotCreated)
            events.Record(cache, EventType.Warning, ready.Reason, ready.Message);
    }
}
