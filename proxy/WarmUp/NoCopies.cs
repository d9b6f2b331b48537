using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Copies nothing.</summary>
internal sealed class NoCopies : ICopySupervisor
{
    public IReadOnlyList<CopyStatus> Statuses => [];

    public void Apply(TopologyDocument applied)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
