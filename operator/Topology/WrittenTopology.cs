using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <param name="Document">What was written.</param>
/// <param name="ResourceVersion">The version that the ConfigMap got by it.</param>
/// <param name="At">When.</param>
internal sealed record WrittenTopology(TopologyDocument Document, string ResourceVersion, DateTimeOffset At);
