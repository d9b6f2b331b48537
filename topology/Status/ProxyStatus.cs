namespace CacheOperator.Topology;

/// <summary>What a proxy says of itself and of the members as it sees them.</summary>
public sealed record ProxyStatus
{
    public required string Name { get; init; }

    /// <summary>Program version.</summary>
    public required string Version { get; init; }

    /// <summary>The zone that it reads from; null while it does not know.</summary>
    public string? Zone { get; init; }

    /// <summary>The generation that every event loop has applied; 0 before the first.</summary>
    public required long Generation { get; init; }

    /// <summary>Whether it takes traffic (the answer of <c>/readyz</c>).</summary>
    public required bool Ready { get; init; }

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? NotReadyReason { get; init; }

    /// <summary>It reaches fewer than half of the Ready members, so it is probably cut off itself.</summary>
    public bool Isolated { get; init; }

    /// <summary>It serves nobody, because others have acted by a newer generation for too long.</summary>
    public bool Outdated { get; init; }

    /// <summary>The newest generation that members show, when this proxy has not applied it; else 0.</summary>
    public long NewerGeneration { get; init; }

    /// <summary>It gives members the memory that <see cref="Member.MemoryMebibytes"/> asks for; older versions do not, and say nothing here.</summary>
    public bool RaisesMemory { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public ProxyTraffic Traffic { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<MemberStatus> Members { get; init => field = value ?? []; } = [];

    /// <summary>The copies and purges that are assigned to it.</summary>
    public IReadOnlyList<CopyStatus> Copies { get; init => field = value ?? []; } = [];

    /// <summary>Whether it says the same, <see cref="Traffic"/> and statistics of members aside.</summary>
    public bool IsSameButForTraffic(ProxyStatus other) =>
        this with { Traffic = other.Traffic, Members = other.Members, Copies = other.Copies } == other
        && Members.Select(m => m with { Statistics = null }).SequenceEqual(other.Members.Select(m => m with { Statistics = null }))
        && Copies.SequenceEqual(other.Copies);
}
