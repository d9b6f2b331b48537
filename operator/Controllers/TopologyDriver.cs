using System.Net;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Autoscaling;
using CacheOperator.Operator.Growth;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Controllers;

/// <summary>One step of a cache's topology: ask the proxies, plan, store, tell the proxies.</summary>
internal sealed class TopologyDriver(
    TopologyStore store, TopologyPublisher publisher, ShardScaler scaler, IEventRecorder events, TimeProvider time)
{
    /// <param name="token">Null: there is none yet, and no proxy that could be asked.</param>
    public async Task<TopologyOutcome> RunAsync(Situation situation, string? token, CancellationToken cancellationToken)
    {
        var (session, observed) = (situation.Session, situation.Observed);
        var proxies = await publisher.PollAsync(session.Roster, observed.Proxies, token, cancellationToken);
        var outcome = new TopologyOutcome(situation.Document, proxies, Changed: false, UnderWay: false);
        ShardDecision? shards = situation is { Paused: false, Context: { } context } ? scaler.Decide(situation, context, new FleetView(proxies)) : null;
        if (!situation.Paused && Intent(situation, proxies, shards?.Shards) is { } intent)
        {
            var plan = TopologyPlanner.Plan(situation.Document, intent, Members(situation), proxies, time.GetUtcNow(), session.Roster.Departed);
            if (plan.Changed || store.IsMissing(observed.Topology, session.Written))
                await SaveAsync(situation, plan.Document, cancellationToken);
            Tell(situation.Cache, plan.Decisions);
            outcome = outcome with { Document = plan.Document, Changed = plan.Changed, UnderWay = plan.UnderWay, ShardScaling = shards?.Scaling };
        }

        if (outcome.Document is not null && token is not null)
            await publisher.PushAsync(session.Roster, observed.Proxies, outcome.Document, token, cancellationToken);
        return outcome;
    }

    /// <summary>What the spec wants; while it is not valid, what the topology has: members must be kept warm all the same.</summary>
    private static TopologyIntent? Intent(Situation situation, IReadOnlyList<ObservedProxy> proxies, int? shards)
    {
        if (situation.Context is { } context && shards is { } wanted)
        {
            return new TopologyIntent
            {
                Cache = context.Settings.CacheName,
                Shards = wanted,
                HoldsResharding = situation.Document is { Resharding: null } current && current.Shards != wanted
                    && FleetApplier.ZoneStates(context, situation.Observed, current, new FleetView(proxies)).Any(z => z.Exists && (!z.IsCurrent || z.IsUpdating)),
                Zones = context.Layout.Zones,
                Replication = context.Settings.Replication,
                MaxBytesPerSecond = context.Settings.MaxBytesPerSecond,
                MaxItemsPerSecond = context.Settings.MaxItemsPerSecond,
                NodeZones = ZoneDiscovery.NodeZones(context.Layout, situation.Observed),
            };
        }

        return situation.Document is not { } document ? null : new TopologyIntent
        {
            Cache = document.Cache,
            Shards = document.Resharding?.To ?? document.Shards,
            Zones = document.Zones,
            Replication = document.Replication,
            NodeZones = ZoneDiscovery.NodeZones(ZoneDiscovery.LayoutOf(document), situation.Observed),
        };
    }

    private async Task SaveAsync(Situation situation, TopologyDocument document, CancellationToken cancellationToken)
    {
        var (session, meta) = (situation.Session, situation.Cache.Metadata);
        var written = session.Written;

        // Whatever goes wrong: what is stored has to be read again.
        session.Written = null;
        session.Written = await store.SaveAsync(
            OwnedMetadata.Of(meta.NamespaceProperty, meta.Name, meta.Uid, CacheNames.Topology(meta.Name)),
            document,
            situation.Observed.Topology,
            written,
            cancellationToken);
    }

    private void Tell(ReplicatedCache cache, IReadOnlyList<TopologyDecision> decisions)
    {
        foreach (var decision in decisions)
            events.Record(cache, decision.IsWarning ? EventType.Warning : EventType.Normal, decision.Kind.ToString(), decision.Message);
    }

    private static List<ObservedMember> Members(Situation situation)
    {
        var (observed, name) = (situation.Observed, situation.Cache.Metadata.Name);

        // While the spec is not valid nobody has looked what the server can do; that it does not resize pods would be a claim.
        var canResize = situation.Context?.Capabilities.ResizesPods ?? true;
        return [.. observed.Members.Where(p => p is { Zone: not null, Ordinal: not null }).Select(p => new ObservedMember
        {
            Uid = p.Uid,
            Name = p.Name,
            Zone = p.Zone!,
            Shard = p.Ordinal!.Value,
            Address = IPAddress.TryParse(p.Ip, out var ip) ? new IPEndPoint(ip, AdminApi.ClientPort).ToString() : null,
            MemoryMebibytes = GrownMemory.Of(p, observed.StatefulSetOf(name, p.Zone!), canResize),
            Terminating = p.Terminating,
            Finished = p.Finished,
        })];
    }
}
