namespace CacheOperator.Proxy.Replication;

/// <summary>How many free operations all pools of an event loop keep.</summary>
internal sealed class PoolRoom
{
    /// <summary>More would only be the memory of a past peak.</summary>
    public const int Max = 48 << 10;

    public int Kept { get; set; }
}
