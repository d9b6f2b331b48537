using CacheOperator.Operator.Observing;

namespace CacheOperator.Operator.NodeLoss;

/// <param name="Pod">A pod on a lost node.</param>
/// <param name="Zone">The zone that it belongs to; for a proxy its node's.</param>
/// <param name="Action">What is done about it.</param>
/// <param name="Due">When the grace period ends, or ended.</param>
internal sealed record NodeLossDecision(ObservedPod Pod, string Zone, NodeLossAction Action, DateTimeOffset Due);
