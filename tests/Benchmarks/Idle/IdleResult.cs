using CacheOperator.Benchmarks.Results;

namespace CacheOperator.Benchmarks.Idle;

/// <summary>What clients that do nothing cost.</summary>
/// <param name="Clients">How many.</param>
/// <param name="MemoryBefore">Resident bytes of the process, after some traffic, before they came.</param>
/// <param name="MemoryWith">The same with them.</param>
/// <param name="Before">Traffic of others without them.</param>
/// <param name="With">The same beside them.</param>
internal sealed record IdleResult(int Clients, long MemoryBefore, long MemoryWith, Measurement Before, Measurement With);
