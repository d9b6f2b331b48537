using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Topology;

namespace CacheOperator.Operator.WarmUp;

/// <summary>Sets the gates of a cache's pods.</summary>
internal sealed class WarmGates(ObjectApplier applier, IEventRecorder events, TimeProvider time)
{
    public async Task SetAsync(
        ReplicatedCache cache, IReadOnlyList<ObservedPod> pods, TopologyDocument document, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var pod in pods.Where(p => p is { Terminating: false, Finished: false }))
        {
            var member = document.Members.FirstOrDefault(m => m.Uid == pod.Uid);
            if (WarmGate.Decide(member, pod.WarmCondition, deadline, now) is not { } gate) continue;
            var sent = await applier.SetPodConditionAsync(pod.Pod, ApiGroup.WarmCondition, gate.Open, gate.Reason, gate.Message, now, cancellationToken);
            if (sent && gate.Reason == GateReasons.WarmUpTimedOut)
                events.Record(cache, EventType.Warning, GateReasons.WarmUpTimedOut, $"{pod.Name} counts as ready although it is not warm: {gate.Message}");
        }
    }
}
