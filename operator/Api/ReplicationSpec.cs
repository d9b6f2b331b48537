using CacheOperator.Topology;

namespace CacheOperator.Operator.Api;

internal sealed record ReplicationSpec
{
    public WriteAck? WriteAck { get; init; }

    public ReadFallback? ReadFallback { get; init; }
}
