using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Settings;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace CacheOperator.Operator.NodeLoss;

/// <summary>Carries out what <see cref="NodeLossPlanner"/> decides.</summary>
internal sealed partial class NodeReaper(
    ObjectApplier applier,
    IEventRecorder events,
    NodeLossLedger ledger,
    TimeProvider time,
    CollectorRegistry registry,
    ILogger<NodeReaper> logger)
{
    private readonly Counter _deletions = Metrics.WithCustomRegistry(registry).CreateCounter(
        "cacheoperator_node_loss_deletions_total", "Pods of lost nodes that were deleted by force.", "component");

    public async Task<IReadOnlyList<NodeLossDecision>> RunAsync(
        ReplicatedCache cache, CacheObservation observed, NodeLossRules rules, CancellationToken cancellationToken)
    {
        ledger.Seen(observed.Nodes.Select(n => n.Name));
        var decisions = NodeLossPlanner.Plan(observed, rules, ledger.AbsentSince, ledger.Recent, time.GetUtcNow());
        foreach (var decision in decisions.Where(d => d.Action == NodeLossAction.ForceDelete))
            await DeleteAsync(cache, decision, rules, cancellationToken);
        return decisions;
    }

    private async Task DeleteAsync(ReplicatedCache cache, NodeLossDecision decision, NodeLossRules rules, CancellationToken cancellationToken)
    {
        // UID and version must still be those that were judged: never a successor of the same name.
        var outcome = await applier.DeleteAsync(decision.Pod.Pod, TimeSpan.Zero, cancellationToken);
        if (outcome != DeleteOutcome.Deleted) return;
        ledger.Deleted(decision.Zone);
        _deletions.WithLabels(decision.Pod.Zone is null ? "proxy" : "memcached").Inc();
        var message = $"Node {decision.Pod.Node} has been lost for more than {Duration.ForPeople(rules.GracePeriod)}: {decision.Pod.Name} was deleted to be replaced";
        events.Record(cache, EventType.Warning, "NodeLost", message);
        events.Record(decision.Pod.Pod, EventType.Warning, "NodeLost", message);
        LogDeleted(decision.Pod.Name, decision.Pod.Uid, decision.Pod.Node!, decision.Zone);
    }

    [LoggerMessage(2100, LogLevel.Warning, "Pod {Pod} ({Uid}) of the lost node {Node} in zone {Zone} was deleted by force")]
    private partial void LogDeleted(string pod, string uid, string node, string zone);
}
