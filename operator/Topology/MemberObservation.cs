using System.Globalization;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: what pods and processes did by themselves: appeared, moved, restarted, are leaving, are gone.</summary>
internal static class MemberObservation
{
    public static void Apply(PlanDraft draft, IReadOnlyList<ObservedMember> pods)
    {
        foreach (var pod in pods.Where(p => !p.Finished && p.Shard < draft.MemberShards))
            Observe(draft, pod);
        foreach (var gone in draft.Previous?.Members.Where(m => draft.Find(m.Uid) is null) ?? [])
            draft.Decisions.Add(new TopologyDecision(DecisionKind.MemberRemoved, gone.Name, $"{gone.Name} is gone; proxies forget it"));
    }

    private static void Observe(PlanDraft draft, ObservedMember pod)
    {
        var known = draft.Previous?.Members.FirstOrDefault(m => m.Uid == pod.Uid);
        var isGivenUp = draft.Resharding is { Phase: ReshardingPhase.Switched } && pod.Shard >= draft.Shards;
        var leaving = pod.Terminating || isGivenUp || !draft.Intent.Zones.Contains(pod.Zone);
        if (known is null)
        {
            // A pod that is leaving before anybody used it needs no farewell.
            if (leaving) return;
            known = new Member { Uid = pod.Uid, Name = pod.Name, Zone = pod.Zone, Shard = pod.Shard, State = MemberState.Cold, Since = draft.Generation };
        }

        // What it was given it keeps, whatever its pod is given next.
        known = known with { MemoryMebibytes = pod.MemoryMebibytes ?? known.MemoryMebibytes };
        draft.Put(known);
        if (leaving)
        {
            if (known.State is not (MemberState.Draining or MemberState.Cold))
                draft.Enter(known, MemberState.Draining, refill: false, DecisionKind.MemberDraining, $"{known.Name} is leaving; no more reads from it");
        }
        else if (pod.Address is null)
        {
            if (known.State != MemberState.Cold || known.Address is not null)
                draft.Put(known with { State = MemberState.Cold, Address = null, Incarnation = null, Since = draft.Generation });
        }
        else if (known.Address != pod.Address)
        {
            StartFilling(draft, known with { Address = pod.Address, Incarnation = null }, $"{known.Name} is at {pod.Address}; it gets writes and will be filled");
        }
        else if (known.State is MemberState.Cold or MemberState.Draining)
        {
            // Draining no longer: its zone was taken out and put back.
            StartFilling(draft, known, $"{known.Name} is wanted again; it will be filled");
        }
        else
        {
            ObserveProcess(draft, known);
        }
    }

    private static void StartFilling(PlanDraft draft, Member member, string message) =>
        draft.Enter(member, MemberState.Warming, refill: true, DecisionKind.WarmUpStarted, message);

    private static void ObserveProcess(PlanDraft draft, Member member)
    {
        var met = draft.Fleet.Incarnations(member);
        if (met.Count == 0) return;
        var newest = met.MaxBy(Started)!;
        if (member.Incarnation is null)
        {
            // Two different ones: some proxy still speaks of a process that ended before its name was written down.
            if (met.Any(m => m != newest))
                Restarted(draft, member, newest);
            else
                draft.Put(member with { Incarnation = newest });
        }
        else if (newest != member.Incarnation && (Started(newest) > Started(member.Incarnation) || met.All(m => m == newest)))
        {
            // Older reports are of proxies that have not connected since; but a node's clock may have been set back, so unanimity counts too.
            Restarted(draft, member, newest);
        }
    }

    private static void Restarted(PlanDraft draft, Member member, string incarnation) => draft.Enter(
        member with { Incarnation = incarnation },
        MemberState.Warming,
        refill: true,
        DecisionKind.MemberRestarted,
        $"memcached in {member.Name} was restarted and is empty; it will be filled");

    /// <summary>The start of a process in Unix seconds, by which incarnations are ordered; 0 when there is none in the text.</summary>
    private static long Started(string incarnation)
    {
        var at = incarnation.LastIndexOf('@');
        return long.TryParse(incarnation.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
    }
}
