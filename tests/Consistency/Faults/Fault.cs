namespace CacheOperator.Consistency.Faults;

/// <param name="Kind">What happens.</param>
/// <param name="At">Since the round began.</param>
/// <param name="Length">Until it is over.</param>
/// <param name="Zone">Whose member is the victim.</param>
/// <param name="Shard">Of the victim.</param>
/// <param name="Proxy">Which proxy, where one is concerned.</param>
internal sealed record Fault(FaultKind Kind, TimeSpan At, TimeSpan Length, int Zone, int Shard, int Proxy);
