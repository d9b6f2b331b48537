using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>
/// A step of a plan: Ready members that nobody reaches any more count no longer. Proxies acknowledge no write while most of a key's
/// Ready members are out of their reach, and take no clients: they cannot know whether it is them that are cut off. This is where that is decided.
/// </summary>
internal static class UnreachableMembers
{
    /// <summary>Longer than a restart in place takes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static void Apply(PlanDraft draft)
    {
        foreach (var member in draft.Members.Where(m => m.State == MemberState.Ready && !draft.IsNew(m) && draft.Fleet.IsLostToAll(m, Limit)).ToList())
        {
            if (draft.ReadyReplicas(member.Shard).Any(m => m.Uid != member.Uid && draft.Fleet.IsReachableByAny(m)))
            {
                draft.Enter(member, MemberState.Quarantined, refill: true, DecisionKind.MemberUnreachable,
                    $"no proxy has reached {member.Name} for {Limit.TotalSeconds:0} s; it counts no longer, and is filled anew when it is back");
            }
        }
    }
}
