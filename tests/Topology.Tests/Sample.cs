using CacheOperator.Topology;

namespace CacheOperator.TopologyTests;

/// <summary>A valid document of two zones, to be broken in one place per test.</summary>
internal static class Sample
{
    public static Member Member(string uid, string zone, MemberState state = MemberState.Ready) => new()
    {
        Uid = uid, Name = $"sessions-memcached-{zone}-0", Zone = zone, Shard = 0, Address = "10.0.0.1:11211", State = state, Epoch = 1, Since = 1,
    };

    public static TopologyDocument Document() => new()
    {
        Cache = "default/sessions",
        Generation = 7,
        Zones = ["a", "b"],
        Nodes = new Dictionary<string, string> { ["node-1"] = "a" },
        Members = [Member("m-a", "a"), Member("m-b", "b", MemberState.Warming)],
        Proxies = [new ProxyIdentity { Name = "p-1", Number = 0 }],
        Copies = [new CopyAssignment { Id = "m-b/1/1", Proxy = "p-1", Source = "m-a", Target = "m-b" }],
    };

    /// <summary>From one shard to two in one zone: the new member is being given its keys.</summary>
    public static TopologyDocument Growing() => Document() with
    {
        Schema = 2,
        Resharding = new Resharding { From = 1, To = 2, Phase = ReshardingPhase.Filling, Since = 7 },
        Members = [Member("m-0", "a"), Member("m-1", "a", MemberState.Warming) with { Shard = 1 }],
        Copies = [new CopyAssignment { Id = "move", Proxy = "p-1", Source = "m-0", Target = "m-1" }],
    };

    /// <summary>From two shards to one: the member that stays is given the other one's keys.</summary>
    public static TopologyDocument Shrinking() => Document() with
    {
        Schema = 2,
        Shards = 2,
        Resharding = new Resharding { From = 2, To = 1, Phase = ReshardingPhase.Filling, Since = 7, Done = [new ReshardedMember { Uid = "m-0", Epoch = 1, From = [1] }] },
        Members = [Member("m-0", "a"), Member("m-1", "a") with { Shard = 1 }],
        Copies = [new CopyAssignment { Id = "move", Proxy = "p-1", Source = "m-1", Target = "m-0" }],
    };
}
