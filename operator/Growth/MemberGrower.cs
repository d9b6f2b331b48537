using System.Net;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Controllers;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Rollouts;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Growth;

/// <summary>Gives running members more memory, as <see cref="GrowthPlanner"/> decides.</summary>
internal sealed partial class MemberGrower(PodPatcher pods, IEventRecorder events, TimeProvider time, ILogger<MemberGrower> logger)
{
    public IReadOnlyList<ZoneGrowth> Plan(
        Situation situation, RenderContext context, TopologyDocument document, FleetView fleet, IReadOnlyList<ZoneState> zones)
    {
        var (observed, ledger) = (situation.Observed, situation.Session.Growth);
        ledger.Keep(observed.Members.Select(p => p.Uid).ToHashSet(StringComparer.Ordinal));
        return
        [
            .. zones.Select(zone => GrowthPlanner.Plan(new GrowthInput
            {
                Context = context,
                Zone = zone.Zone,
                Live = observed.StatefulSetOf(context.Name, zone.Zone),
                Pods = [.. observed.Members.Where(p => p.Zone == zone.Zone)],
                IsWhole = zone.IsWhole,
                Document = document,
                Fleet = fleet,
                Ledger = ledger,
                Now = time.GetUtcNow(),
            })),
        ];
    }

    /// <summary>Tells of zones that get their new template now and could not grow in place.</summary>
    public void Tell(ReplicatedCache cache, IEnumerable<ZoneGrowth> zones, IReadOnlySet<string> mayRoll)
    {
        foreach (var zone in zones.Where(z => z.Obstacle is not null && mayRoll.Contains(z.Zone)))
            events.Record(cache, EventType.Normal, "MemoryGrowsByRollout", $"Members of zone {zone.Zone} are replaced to get their new size: {zone.Obstacle}");
    }

    /// <summary>Does one step in one zone.</summary>
    public async Task ActAsync(ReplicatedCache cache, CacheSession session, IEnumerable<ZoneGrowth> zones, CancellationToken cancellationToken)
    {
        if (zones.Select(z => z.Step).FirstOrDefault(s => s is not null) is not { } step) return;
        try
        {
            await ActAsync(cache, session, step, cancellationToken);
        }
        catch (ApiException e) when (e.IsNotFound)
        {
            // The pod has gone, or the server has just lost its subresource: then it is not asked for long.
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnprocessableEntity)
        {
            // A quota, another class of service, a right that is lacking: what the server does not want does not come by asking again.
            // Of a successor the server says only that its UID is another.
            if (await pods.IsThereAsync(step.Pod.Pod, cancellationToken)) GiveUp(cache, session, step, $"cannot be given other resources ({e.Message})");
        }
    }

    private async Task ActAsync(ReplicatedCache cache, CacheSession session, GrowthStep step, CancellationToken cancellationToken)
    {
        var pod = step.Pod.Pod;
        switch (step.Action)
        {
            case GrowthAction.Resize:
                // Before it is changed: half of one template and half of another, it must never count as up to date with either.
                if (step.Pod.Revision != ObservedPod.Growing)
                    await pods.SetLabelAsync(pod, ObservedPod.RevisionLabel, ObservedPod.Growing, cancellationToken);
                if (MemberSize.Of(pod.Spec) is not { } own || !ResourceOrder.Has(own.Resources, step.Size.Resources))
                    await pods.ResizeAsync(pod, MembersStatefulSet.ContainerName, step.Size.Resources, cancellationToken);
                LogResized(step.Pod.Name, step.Size.MemoryMebibytes);
                break;
            case GrowthAction.Finish:
                await pods.SetLabelAsync(pod, ObservedPod.RevisionLabel, step.Revision, cancellationToken);
                events.Record(cache, EventType.Normal, "MemoryGrown", $"{step.Pod.Name} {step.Message}, and has kept those that it held");
                break;
            case GrowthAction.GiveUp:
                GiveUp(cache, session, step, step.Message);
                break;
        }
    }

    private void GiveUp(ReplicatedCache cache, CacheSession session, GrowthStep step, string why)
    {
        var message = $"{step.Pod.Name} {why}; it is replaced instead";
        session.Growth.GiveUp(step.Pod.Uid, step.Revision, message);
        events.Record(cache, EventType.Warning, "MemoryGrowthGivenUp", message);
        LogGivenUp(step.Pod.Name, why);
    }

    [LoggerMessage(2300, LogLevel.Information, "Pod {Pod} is resized for {Mebibytes} MiB of items")]
    private partial void LogResized(string pod, long mebibytes);

    [LoggerMessage(2301, LogLevel.Warning, "Pod {Pod} does not grow in place and will be replaced: {Reason}")]
    private partial void LogGivenUp(string pod, string reason);
}
