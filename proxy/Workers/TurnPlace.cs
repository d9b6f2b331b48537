namespace CacheOperator.Proxy.Workers;

/// <summary>Where a client's next turn begins and is likely to end, in the measure of <see cref="Clients.ClientLoad.Spent"/>.</summary>
internal readonly record struct TurnPlace(long Begin, long End);
