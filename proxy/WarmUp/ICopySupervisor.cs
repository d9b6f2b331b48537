using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Runs the copies that the topology assigns to this proxy.</summary>
internal interface ICopySupervisor : IAsyncDisposable
{
    /// <summary>What is running, and what has ended while it is still assigned. Any thread may ask.</summary>
    IReadOnlyList<CopyStatus> Statuses { get; }

    /// <summary>
    /// Starts the copies listed under this proxy's name that are not known yet and stops those that are no longer
    /// listed. Called once for every document, in order of generation, after all event loops have applied it: from
    /// then on every write of this proxy reaches the members that the document names. Returns without waiting for I/O.
    /// </summary>
    void Apply(TopologyDocument applied);
}
