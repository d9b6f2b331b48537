using CacheOperator.Operator.Autoscaling;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Controllers;

/// <summary>
/// Says how many shards a cache is to have. With autoscaling that number is kept nowhere but in the topology: there is no field that a
/// re-applied manifest could set back.
/// </summary>
internal sealed class ShardScaler(IEventRecorder events, TimeProvider time)
{
    public ShardDecision Decide(Situation situation, RenderContext context, FleetView fleet)
    {
        if (context.Settings.ShardAutoscaling is not { } bounds || situation.Document is not { } document)
            return new ShardDecision(context.Settings.Shards, ShardScaling.Fits);
        var (session, now) = (situation.Session, time.GetUtcNow());
        var load = IsAtRest(situation, context, document, fleet) ? ShardLoad.Of(document, fleet) : null;
        session.Pressure = session.Pressure.Observe(load, document.Shards, now);
        var decision = ShardAutoscaler.Decide(bounds, document.Resharding?.To ?? document.Shards, session.Pressure, now);
        if (decision.Scaling is ShardScaling.Out or ShardScaling.In) Tell(situation, document.Shards, decision);
        return decision;
    }

    /// <summary>Every member of every zone serves, nothing is being changed, and nothing was wrong a moment ago.</summary>
    private static bool IsAtRest(Situation situation, RenderContext context, TopologyDocument document, FleetView fleet) =>
        document.Resharding is null
        && situation.Cache.Status?.Conditions?.Any(c => c is { Type: ConditionTypes.Degraded, Status: "False" }) == true
        && FleetApplier.ZoneStates(context, situation.Observed, document, fleet).All(z => z is { Exists: true, IsCurrent: true, IsUpdating: false, IsWhole: true });

    private void Tell(Situation situation, int shards, ShardDecision decision)
    {
        var (reason, why) = decision.Scaling == ShardScaling.Out
            ? ("ShardsScaledOut", "members are full and evict items")
            : ("ShardsScaledIn", "fewer members have room to spare for all items");
        events.Record(situation.Cache, EventType.Normal, reason, $"From {shards} to {decision.Shards} shards: {why}");
    }
}
