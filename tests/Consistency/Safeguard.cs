namespace CacheOperator.Consistency;

/// <summary>What can be left out of the proxies.</summary>
internal enum Safeguard
{
    Verification,
    OrderRule,
    Tombstones,
    Hints,
    IncarnationCheck,
}
