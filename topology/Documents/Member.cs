namespace CacheOperator.Topology;

/// <summary>
/// One memcached process. Its identity is (<see cref="Uid"/>, <see cref="Incarnation"/>): the same address with
/// another UID is another member, and the same UID with another incarnation has lost its contents.
/// </summary>
public sealed record Member
{
    /// <summary>UID of the pod; outside Kubernetes any string that is never reused.</summary>
    public required string Uid { get; init; }

    /// <summary>Name for people: the pod's name.</summary>
    public required string Name { get; init; }

    public required string Zone { get; init; }

    /// <summary>0..<see cref="TopologyDocument.MemberShards"/>-1.</summary>
    public required int Shard { get; init; }

    /// <summary><c>ip:port</c>; null while the pod has no address, which only a <see cref="MemberState.Cold"/> member may lack.</summary>
    public string? Address { get; init; }

    public required MemberState State { get; init; }

    /// <summary>
    /// The process that this entry speaks of, as <see cref="Topology.Incarnation"/> tells it. A proxy that meets another
    /// one at the address does not read from it, whatever <see cref="State"/> says. Null: not known yet; the
    /// proxy then takes the first one that it meets.
    /// </summary>
    public string? Incarnation { get; init; }

    /// <summary>
    /// Counts how often this member was sent to be filled. A proxy counts the writes that a member missed per epoch:
    /// a new epoch forgives, because the fill that it announces makes up for them.
    /// </summary>
    public long Epoch { get; init; }

    /// <summary>
    /// Memory for items in MiB that proxies give the process with <c>cache_memlimit</c> when it has less: its pod was given more than it was
    /// started with. Null: it has what it was started with. Proxies never take memory away, and older ones ignore this.
    /// </summary>
    public long? MemoryMebibytes { get; init; }

    /// <summary>Generation in which <see cref="State"/> and <see cref="Epoch"/> last changed: what waits for the proxies compares with it.</summary>
    public long Since { get; init; }
}
