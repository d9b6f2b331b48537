namespace CacheOperator.Topology;

/// <summary>
/// The fleet's routing document. It has one writer (the operator's leader, or a person with an editor) and is
/// replaced as a whole; <see cref="Generation"/> grows with every change.
/// </summary>
/// <remarks>
/// The generated reader hands null or 0 to the init accessor of a field that is missing in the JSON, initializers
/// notwithstanding: objects and lists turn that into their default, while <see cref="Schema"/> and <see cref="Shards"/>
/// must be given.
/// </remarks>
public sealed record TopologyDocument
{
    /// <summary>The newest schema that this library reads. Added fields do not raise it; changed meanings do.</summary>
    public const int CurrentSchema = 2;

    /// <summary>
    /// The oldest schema by which the document can be understood: 1, or 2 with <see cref="Resharding"/>, without which keys would be written to
    /// the wrong shards.
    /// </summary>
    public int Schema { get; init; } = 1;

    /// <summary><c>namespace/name</c> of the cache; a proxy refuses a document for another cache than the one it serves.</summary>
    public required string Cache { get; init; }

    /// <summary>Grows with every change, from 1. A proxy ignores a document that is older than the one it has applied.</summary>
    public required long Generation { get; init; }

    /// <summary>Number of shards in every zone by which keys are owned, 1..1024.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>How the number of shards is being changed; null when it is not.</summary>
    public Resharding? Resharding { get; init; }

    public ReplicationSettings Replication { get; init => field = value ?? new(); } = new();

    /// <summary>Zones in order of preference: a proxy reads its own zone first, then those after it, wrapping around.</summary>
    public required IReadOnlyList<string> Zones { get; init; }

    /// <summary>Node name to zone, by which a proxy that knows only its node finds its zone.</summary>
    public IReadOnlyDictionary<string, string> Nodes { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    public IReadOnlyList<Member> Members { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ProxyIdentity> Proxies { get; init => field = value ?? []; } = [];

    public IReadOnlyList<CopyAssignment> Copies { get; init => field = value ?? []; } = [];

    public IReadOnlyList<PurgeAssignment> Purges { get; init => field = value ?? []; } = [];

    /// <summary>Number of shards that have members: more than own keys, while that is being changed.</summary>
    public int MemberShards() => Resharding?.MaxShards() ?? Shards;
}
