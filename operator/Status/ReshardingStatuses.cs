using CacheOperator.Operator.Api;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>How far a change of the number of shards is.</summary>
internal static class ReshardingStatuses
{
    public static ReshardingStatus? Of(StatusInput input)
    {
        if (input.Document is not { Resharding: { } resharding } document) return null;
        var fleet = new FleetView(input.Proxies);
        var targets = document.Members.Where(m => input.Zones.Contains(m.Zone) && resharding.IsTarget(m.Shard)).ToList();
        var wanted = Math.Max(1, input.Zones.Count * resharding.TargetShards().Count());
        return new ReshardingStatus
        {
            From = resharding.From,
            To = resharding.To,
            Phase = resharding.Phase.ToString(),
            Percent = resharding.Phase == ReshardingPhase.Filling ? targets.Sum(m => PercentOf(m, document, fleet)) / wanted : 100,
        };
    }

    /// <summary>How much of its keys a member has been given: by the shards that are done, and the one that is at it.</summary>
    public static int PercentOf(Member member, TopologyDocument document, FleetView fleet)
    {
        var filling = document.Resharding!;
        var done = filling.Done.FirstOrDefault(d => d.Uid == member.Uid && d.Epoch == member.Epoch)?.From.Count ?? 0;
        var copy = document.Copies.FirstOrDefault(c => c.Target == member.Uid);
        return ((100 * done) + WarmUpStatuses.PercentOf(copy is null ? null : fleet.Progress(copy))) / filling.SourceShards().Count();
    }
}
