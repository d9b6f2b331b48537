using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using k8s.Models;

namespace CacheOperator.Operator.Growth;

/// <summary>
/// Decides how the members of a zone come to a larger size: its StatefulSet gets the new template and holds its pods as they are, they are given what they
/// lack one after the other, each counts as up to date when it has it, and then the StatefulSet holds them no longer and replaces the rest. All of it is
/// told by StatefulSet, pods and topology, so whoever becomes leader goes on where the last one stopped.
/// </summary>
internal static class GrowthPlanner
{
    public static ZoneGrowth Plan(GrowthInput input)
    {
        var (zone, live) = (input.Zone, input.Live);
        if (live is null) return new ZoneGrowth(zone, Holds: false);
        if (!TemplateComparison.IsSameTemplate(input.Context, zone, live)) return Begin(input, live);
        if (!MembersStatefulSet.IsHeld(live)) return new ZoneGrowth(zone, Holds: false);
        if (!IsObserved(live)) return new ZoneGrowth(zone, Holds: true);
        var (size, revision) = (MemberSize.Of(live.Spec.Template.Spec)!, live.Status.UpdateRevision);

        // One after the other, and who has begun comes first; else as a StatefulSet does it. Whoever asked for a restart meanwhile wants new pods.
        var restart = ObservedPod.RestartOf(live.Spec.Template.Metadata);
        var next = input.Pods
            .Where(p => !p.Terminating && p.Revision != revision && !input.Ledger.IsGivenUp(p.Uid, revision) && ObservedPod.RestartOf(p.Pod.Metadata) == restart)
            .OrderByDescending(p => p.Revision == ObservedPod.Growing)
            .ThenByDescending(p => p.ContainerRuns)
            .ThenByDescending(p => p.Ordinal)
            .FirstOrDefault();
        return next is null ? new ZoneGrowth(zone, Holds: false) : new ZoneGrowth(zone, Holds: true, MemberGrowth.Next(input, next, size, revision));
    }

    /// <summary>Whether the controller has seen what was applied last.</summary>
    public static bool IsObserved(V1StatefulSet set) => set.Status?.UpdateRevision is not null && (set.Status.ObservedGeneration ?? 0) >= (set.Metadata.Generation ?? 0);

    private static ZoneGrowth Begin(GrowthInput input, V1StatefulSet live)
    {
        if (MemberSize.Of(live.Spec.Template.Spec) is not { } from || !TemplateComparison.DiffersInSizeOnly(input.Context, input.Zone, live))
            return new ZoneGrowth(input.Zone, Holds: false);
        var to = MemberSize.Of(MembersStatefulSet.Build(input.Context, input.Zone).Spec.Template.Spec)!;
        var obstacle = GrowthRules.Obstacle(from, to, input.Context.Settings.ExtraArgs, input.Context.Capabilities.ResizesPods, input.CanRaise)
            ?? (MembersStatefulSet.IsHeld(live) || IsSettled(input, live) ? null : "the zone does not serve in full, or is being updated");
        return new ZoneGrowth(input.Zone, Holds: obstacle is null, Obstacle: obstacle);
    }

    /// <summary>Whether every pod is what the StatefulSet describes, and serves: who does not has nothing to keep, and perhaps a new one is its cure.</summary>
    private static bool IsSettled(GrowthInput input, V1StatefulSet live) =>
        input.IsWhole && IsObserved(live) && live.Status.UpdateRevision == live.Status.CurrentRevision
        && input.Pods.All(p => p.Revision == live.Status.UpdateRevision);
}
