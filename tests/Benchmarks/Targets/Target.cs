using System.Net;

namespace CacheOperator.Benchmarks.Targets;

/// <summary>A running process that clients talk to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="EndPoint">Where clients connect.</param>
/// <param name="ProcessId">Whose CPU time and memory count.</param>
/// <param name="Stores">The memcached processes that hold what it is given: itself, or the members.</param>
/// <param name="Owned">Goes away with it.</param>
internal sealed record Target(TargetKind Kind, IPEndPoint EndPoint, int ProcessId, IReadOnlyList<Store> Stores, IAsyncDisposable Owned) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Owned.DisposeAsync();
}
