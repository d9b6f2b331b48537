namespace CacheOperator.WarmUpBenchmarks.Clients;

/// <summary>A get that is not answered yet.</summary>
/// <param name="Key">Number of the key.</param>
/// <param name="Began">Timestamp of when the client asked first.</param>
internal readonly record struct PendingGet(int Key, long Began);
