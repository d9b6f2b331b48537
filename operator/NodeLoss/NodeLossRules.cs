using CacheOperator.Operator.Api;

namespace CacheOperator.Operator.NodeLoss;

/// <param name="Policy">What is done at all.</param>
/// <param name="GracePeriod">How long a node must have been lost.</param>
/// <param name="Template">Where the pods may run.</param>
/// <param name="Labelled">False where one zone spans all nodes.</param>
internal sealed record NodeLossRules(NodeLossPolicy Policy, TimeSpan GracePeriod, PodTemplateSpec Template, bool Labelled);
