using System.Net;
using CacheOperator.Operator.Growth;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Rollouts;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Controllers;

/// <summary>Applies a cache's objects and deletes those that it no longer has.</summary>
internal sealed class FleetApplier(ObjectApplier applier, ReplicasHandover handover, ResourceCaches caches)
{
    /// <param name="mayRoll">Zones whose StatefulSet may be applied now.</param>
    /// <returns>What the server refused for good, in words; what may go better next time is thrown.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(RenderContext context, IReadOnlySet<string> mayRoll, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        foreach (var desired in FleetObjects.Build(context))
        {
            if (desired is V1StatefulSet && !mayRoll.Contains(desired.Metadata.Labels[CacheLabels.Zone])) continue;
            try
            {
                await ApplyAsync(desired, cancellationToken);
            }
            catch (NotOwnedException e)
            {
                errors.Add(e.Message);
            }
            catch (ApiException e) when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden)
            {
                errors.Add($"{desired.GetType().Name[2..]} {desired.Metadata.Name} was refused: {e.Message}");
            }
        }

        return errors;
    }

    /// <summary>Deletes StatefulSets of zones that are no longer wanted, once no proxy reads from them, and what was turned off.</summary>
    public async Task RemoveSupersededAsync(
        RenderContext context, CacheObservation observed, TopologyDocument document, FleetView fleet, CancellationToken cancellationToken)
    {
        foreach (var set in observed.StatefulSets)
        {
            var zone = set.Metadata.Labels[CacheLabels.Zone];
            if (context.Layout.Zones.Contains(zone) || set.Metadata.DeletionTimestamp is not null) continue;
            if (document.Members.Where(m => m.Zone == zone).All(m => m.State is MemberState.Draining or MemberState.Cold && fleet.HasApplied(m.Since)))
                await applier.DeleteAsync(set, null, cancellationToken);
        }

        if (!context.Settings.NetworkPolicy)
        {
            await DeleteOursAsync<V1NetworkPolicy>(context, CacheNames.Policy(context.Name, CacheLabels.Memcached), cancellationToken);
            await DeleteOursAsync<V1NetworkPolicy>(context, CacheNames.Policy(context.Name, CacheLabels.Proxy), cancellationToken);
        }

        if (context.Settings.ProxyAutoscaling is null)
            await DeleteOursAsync<V2HorizontalPodAutoscaler>(context, CacheNames.Proxy(context.Name), cancellationToken);
    }

    /// <summary>Where every zone stands on the way to its desired pod template.</summary>
    public static IReadOnlyList<ZoneState> ZoneStates(
        RenderContext context, CacheObservation observed, TopologyDocument document, FleetView fleet)
    {
        // New members of a resharding serve later: they are whole when they are there to be filled.
        var expected = document.Resharding is { Phase: ReshardingPhase.Filling } filling ? filling.MaxShards() : document.Shards;
        bool Serves(Member member) =>
            (member.State == MemberState.Ready || (member.State == MemberState.Warming && member.Shard >= document.Shards))
            && (!fleet.IsReported(member) || fleet.IsReachableByAny(member));
        return
        [
            .. context.Layout.Zones.Select(zone => StateOf(
                context, zone, observed, document.Members.Count(m => m.Zone == zone && Serves(m)) == expected)),
        ];
    }

    private static ZoneState StateOf(RenderContext context, string zone, CacheObservation observed, bool isWhole)
    {
        if (observed.StatefulSetOf(context.Name, zone) is not { } live)
            return new ZoneState(zone, Exists: false, IsCurrent: false, IsUpdating: false, isWhole);
        var updating = (live.Status?.ObservedGeneration ?? 0) < (live.Metadata.Generation ?? 0)
            || live.Status?.UpdateRevision != live.Status?.CurrentRevision;
        return new ZoneState(zone, Exists: true, TemplateComparison.IsApplied(context, zone, live), updating, isWhole) { IsHeld = MembersStatefulSet.IsHeld(live) };
    }

    private async Task DeleteOursAsync<T>(RenderContext context, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var live = caches.Of<T>().Get(new ObjectKey(context.Settings.Namespace, name));
        if (live?.Metadata.OwnerReferences?.Any(o => o.Uid == context.Settings.Uid) == true)
            await applier.DeleteAsync(live, null, cancellationToken);
    }

    private async Task<ApplyOutcome> ApplyProxiesAsync(V1Deployment deployment, CancellationToken cancellationToken)
    {
        if (deployment.Spec.Replicas is null) await handover.ReleaseAsync(deployment, cancellationToken);
        return await applier.ApplyAsync(deployment, cancellationToken);
    }

    private Task<ApplyOutcome> ApplyAsync(IKubernetesObject<V1ObjectMeta> desired, CancellationToken cancellationToken) => desired switch
    {
        V1Service service => applier.ApplyAsync(service, cancellationToken),
        V1StatefulSet set => applier.ApplyAsync(set, cancellationToken),
        V1Deployment deployment => ApplyProxiesAsync(deployment, cancellationToken),
        V2HorizontalPodAutoscaler autoscaler => applier.ApplyAsync(autoscaler, cancellationToken),
        V1PodDisruptionBudget budget => applier.ApplyAsync(budget, cancellationToken),
        V1beta1PodDisruptionBudget budget => applier.ApplyAsync(budget, cancellationToken),
        V1NetworkPolicy policy => applier.ApplyAsync(policy, cancellationToken),
        _ => throw new ArgumentException($"No way to apply a {desired.GetType().Name}.", nameof(desired)),
    };
}
