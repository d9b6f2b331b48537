using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Faults;
using CacheOperator.Topology;

namespace CacheOperator.Consistency;

/// <summary>What a run consists of.</summary>
internal sealed record Profile
{
    public const int Zones = 3;

    public int Shards { get; init; } = 2;

    public int ColdKeys { get; init; } = 6000;

    public int ClientsPerProxy { get; init; } = 3;

    /// <summary>Milliseconds between the pipelines of a client, on average.</summary>
    public int Pause { get; init; } = 12;

    /// <summary>With faults; then everything is healed and compared.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Bound of each copy: 0 for none.</summary>
    public long CopyBytesPerSecond { get; init; }

    /// <summary>Null: another one in each round.</summary>
    public ReadFallback? ReadFallback { get; init; }

    public Mix Mix { get; init; } = new();

    public FaultMix Faults { get; init; } = new()
    {
        Weights = new Dictionary<FaultKind, int>
        {
            [FaultKind.KillMember] = 4,
            [FaultKind.RestartMember] = 4,
            [FaultKind.ReplaceMember] = 2,
            [FaultKind.FreezeMember] = 5,
            [FaultKind.CutLink] = 6,
            [FaultKind.SlowLink] = 3,
            [FaultKind.FreezeProxy] = 2,
            [FaultKind.KillProxy] = 3,
            [FaultKind.PauseOperator] = 2,
            [FaultKind.Flush] = 1,
        },
    };

    /// <summary>Everything, for proxies that have all safeguards.</summary>
    public static Profile Full { get; } = new();

    /// <summary>Mostly what the safeguard is for.</summary>
    public static Profile Against(Safeguard safeguard) => safeguard switch
    {
        Safeguard.Verification => WarmUps() with
        {
            Faults = Only((FaultKind.RestartMember, 1), (FaultKind.KillMember, 1)),
        },
        Safeguard.OrderRule => WarmUps() with
        {
            // The copy is over before a change has arrived that was under way when it began: others copy than the one that is far from the source, and near the target.
            CopyBytesPerSecond = 0,
            ClientsPerProxy = 20,
            Faults = Only((FaultKind.RestartMember, 1), (FaultKind.SlowLink, 2)) with { Count = 10, SparesZones = false, SparesProxies = true, Shortest = TimeSpan.FromSeconds(3) },
        },
        Safeguard.Tombstones => Full with
        {
            ReadFallback = Topology.ReadFallback.OnMiss,
            Mix = new Mix { Delete = 40 },
            Faults = Only((FaultKind.CutLink, 1)) with { Count = 24 },
        },
        Safeguard.Hints => Full with { Faults = Only((FaultKind.CutLink, 2), (FaultKind.FreezeMember, 1)) },
        _ => Full with { Faults = Only((FaultKind.RestartMember, 1)) },
    };

    // A copy that takes long, and much that changes expiries: a touch is what no newer item on the target stands in the way of.
    private static Profile WarmUps() => Full with
    {
        CopyBytesPerSecond = 150_000,
        ReadFallback = Topology.ReadFallback.OnError,
        Mix = new Mix { ColdPercent = 90, Touch = 60 },
    };

    private static FaultMix Only(params (FaultKind Kind, int Weight)[] faults) => new() { Weights = faults.ToDictionary(fault => fault.Kind, fault => fault.Weight) };
}
