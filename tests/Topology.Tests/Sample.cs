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
}
