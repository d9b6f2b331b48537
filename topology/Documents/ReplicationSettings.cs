namespace CacheOperator.Topology;

public sealed record ReplicationSettings
{
    public WriteAck WriteAck { get; init; } = WriteAck.Majority;

    public ReadFallback ReadFallback { get; init; } = ReadFallback.OnError;
}
