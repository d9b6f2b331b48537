using CacheOperator.Topology;

namespace CacheOperator.TopologyTests;

public sealed class TopologyValidatorTests
{
    [Fact]
    public void A_sound_document_has_no_faults() => Assert.Empty(TopologyValidator.Validate(Sample.Document()));

    public static TheoryData<string, string> Faults() => new()
    {
        { "schema", "schema: 3" },
        { "cache", "cache:" },
        { "generation", "generation:" },
        { "shards", "shards: 0" },
        { "no zones", "zones: must name" },
        { "zone twice", "zones: a is listed 2 times" },
        { "member twice", "members: m-a is listed 2 times" },
        { "unknown zone", "members[0] (sessions-memcached-x-0).zone: x" },
        { "shard out of range", "members[0] (sessions-memcached-a-0).shard: 1" },
        { "address", "members[0] (sessions-memcached-a-0).address: nonsense" },
        { "address without port", "members[0] (sessions-memcached-a-0).address: 10.0.0.1 is not ip:port" },
        { "no address", "members[0] (sessions-memcached-a-0).address: needed in state Ready" },
        { "too little memory", "members[0] (sessions-memcached-a-0).memoryMebibytes: 7" },
        { "bytes for MiB", "members[0] (sessions-memcached-a-0).memoryMebibytes: 1073741824 is not in" },
        { "proxy number", "proxies: number 512 of p-1" },
        { "number shared", "proxies: p-1, p-2 share the number 0" },
        { "source not ready", "copies[0] (m-b/1/1).source: sessions-memcached-a-0 is Draining" },
        { "source unknown", "copies[0] (m-b/1/1).source: m-z is not among" },
        { "target ready", "copies[0] (m-b/1/1).target: sessions-memcached-b-0 is Ready" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_by_its_place(string fault, string expected) =>
        Assert.Contains(TopologyValidator.Validate(Broken(fault)), error => error.StartsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void A_document_in_the_middle_of_resharding_has_no_faults()
    {
        Assert.Empty(TopologyValidator.Validate(Sample.Growing()));
        Assert.Empty(TopologyValidator.Validate(Sample.Shrinking()));
    }

    public static TheoryData<string, string> ReshardingFaults() => new()
    {
        { "old schema", "schema: must be 2 while resharding" },
        { "same number", "resharding: 2 and 2 must be two different numbers" },
        { "not the owning number", "shards: 1, but 2 own keys while resharding from 1 to 2 is Switched" },
        { "too high a shard", "members[1] (sessions-memcached-a-0).shard: 2 is not in 0..1" },
        { "backwards", "copies[0] (move): sessions-memcached-a-0 holds shard 1" },
        { "in parts", "copies[0] (move).part: keys of another shard" },
        { "quarantined", "copies[0] (move).target: sessions-memcached-a-0 is Quarantined" },
        { "purge too early", "purges[0] (purge): nothing is purged unless" },
        { "purge of a stranger", "purges[0] (purge).member: m-z is not among" },
        { "one name", "copies and purges: move is listed 2 times" },
    };

    [Theory]
    [MemberData(nameof(ReshardingFaults))]
    public void A_fault_of_resharding_is_named_by_its_place(string fault, string expected) =>
        Assert.Contains(TopologyValidator.Validate(BrokenResharding(fault)), error => error.StartsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void All_faults_are_reported_at_once() =>
        Assert.Equal(3, TopologyValidator.Validate(Sample.Document() with { Generation = 0, Cache = "", Schema = 0 }).Count);

    private static TopologyDocument BrokenResharding(string fault)
    {
        var good = Sample.Growing();
        TopologyDocument With(Member second) => good with { Members = [good.Members[0], second] };
        return fault switch
        {
            "old schema" => good with { Schema = 1 },
            "same number" => good with { Resharding = good.Resharding! with { From = 2 } },
            "not the owning number" => good with { Resharding = good.Resharding! with { Phase = ReshardingPhase.Switched } },
            "too high a shard" => With(good.Members[1] with { Shard = 2 }),
            "backwards" => good with { Copies = [good.Copies[0] with { Source = "m-1", Target = "m-0" }] },
            "in parts" => good with { Copies = [good.Copies[0] with { Part = new KeyPart { Number = 0, Of = 2 } }] },
            "quarantined" => With(good.Members[1] with { State = MemberState.Quarantined }),
            "purge too early" => good with { Purges = [new PurgeAssignment { Id = "purge", Proxy = "p-1", Member = "m-0" }] },
            "purge of a stranger" => good with { Purges = [new PurgeAssignment { Id = "purge", Proxy = "p-1", Member = "m-z" }] },
            "one name" => good with { Purges = [new PurgeAssignment { Id = "move", Proxy = "p-1", Member = "m-0" }] },
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
        };
    }

    private static TopologyDocument Broken(string fault)
    {
        var good = Sample.Document();
        var member = good.Members[0];
        TopologyDocument With(Member first) => good with { Members = [first, good.Members[1]] };
        return fault switch
        {
            "schema" => good with { Schema = 3 },
            "cache" => good with { Cache = " " },
            "generation" => good with { Generation = 0 },
            "shards" => good with { Shards = 0 },
            "no zones" => good with { Zones = [] },
            "zone twice" => good with { Zones = ["a", "a", "b"] },
            "member twice" => good with { Members = [member, member, good.Members[1]] },
            "unknown zone" => With(Sample.Member("m-a", "x")),
            "shard out of range" => With(member with { Shard = 1 }),
            "address" => With(member with { Address = "nonsense" }),
            "address without port" => With(member with { Address = "10.0.0.1" }),
            "no address" => With(member with { Address = null }),
            "too little memory" => With(member with { MemoryMebibytes = 7 }),
            "bytes for MiB" => With(member with { MemoryMebibytes = 1L << 30 }),
            "proxy number" => good with { Proxies = [good.Proxies[0] with { Number = 512 }] },
            "number shared" => good with { Proxies = [good.Proxies[0], new ProxyIdentity { Name = "p-2", Number = 0 }] },
            "source not ready" => With(member with { State = MemberState.Draining }),
            "source unknown" => good with { Copies = [good.Copies[0] with { Source = "m-z" }] },
            "target ready" => good with { Members = [member, good.Members[1] with { State = MemberState.Ready }] },
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
        };
    }
}
