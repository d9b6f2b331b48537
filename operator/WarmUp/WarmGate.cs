using CacheOperator.Operator.Settings;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.WarmUp;

/// <summary>Decides the readiness gate of a memcached pod from its member's state.</summary>
internal static class WarmGate
{
    /// <param name="member">The topology's entry for the pod; null while there is none.</param>
    /// <param name="current">The gate as it is now; null before it was first set.</param>
    /// <returns>Null when it is to be left as it is.</returns>
    public static GateState? Decide(Member? member, V1PodCondition? current, TimeSpan deadline, DateTimeOffset now)
    {
        switch (member?.State)
        {
            case null or MemberState.Draining:
                return null;
            case MemberState.Ready:
                return new GateState(true, GateReasons.Warm, "The member serves reads.");
        }

        var closed = Closed(member!.State);
        if (current is null) return closed;
        var timedOut = new GateState(true, GateReasons.WarmUpTimedOut,
            $"Not warm after {Duration.ForPeople(deadline)}; it is still being filled, but holds up nothing any more.");

        // Once given up it stays so until the member is warm: closing the gate again would start the wait over and over.
        if (current is { Status: "True", Reason: GateReasons.WarmUpTimedOut }) return timedOut;
        return current.Status == "False" && now - current.LastTransitionTime >= deadline ? timedOut : closed;
    }

    private static GateState Closed(MemberState state) => state switch
    {
        MemberState.Cold => new GateState(false, GateReasons.Cold, "The pod has no address yet."),
        MemberState.Quarantined => new GateState(false, GateReasons.Quarantined, "The member missed writes and is filled anew."),
        _ => new GateState(false, GateReasons.Warming, "The member is being filled from another zone."),
    };
}
