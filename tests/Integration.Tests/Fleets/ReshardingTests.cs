using CacheOperator.Fleet;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Fleets;

/// <summary>The number of shards changes under load: real members and proxies, planned by the operator's planner.</summary>
public sealed class ReshardingTests(ITestOutputHelper output)
{
    private const int Keys = 10_000;

    /// <summary>Makes the copies take some seconds.</summary>
    private const long SlowBytesPerSecond = 1_000_000;

    // A busy machine must not look like slow or lost members.
    private static readonly FleetShape Shape = new() { CopyBytesPerSecond = SlowBytesPerSecond, ProxyArguments = ["--member-timeout", "10s", "--hedge-delay", "5s"] };

    private static readonly FleetShape Strict = Shape with { Replication = new ReplicationSettings { WriteAck = WriteAck.All } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public async Task No_key_is_missed_or_stale_at_any_moment_and_nothing_is_left_where_it_was(int from, int to)
    {
        await using var scenario = await FleetScenario.StartAsync(Strict with { Shards = from });
        await scenario.LoadAsync(Keys);
        await using var load = await LoadAsync(scenario);

        scenario.Fleet.Shards = to;
        var phases = new HashSet<string>();
        await scenario.PlanUntilAsync($"{to} shards", topology => IsDone(topology, to), () =>
        {
            phases.Add($"{scenario.Fleet.Topology.Resharding?.Phase}");
            return load.CheckAsync();
        });
        await load.EndAsync();

        Assert.Superset(new HashSet<string> { "Filling", "Switched" }, phases);
        await AssertInPlaceAsync(scenario, load, to);
        output.WriteLine($"{load.Reads} keys read, {load.Commands} changes");
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public async Task Called_off_half_way_it_leaves_nothing_behind(int from, int to)
    {
        await using var scenario = await FleetScenario.StartAsync(Strict with { Shards = from });
        await scenario.LoadAsync(Keys);
        await using var load = await LoadAsync(scenario);

        scenario.Fleet.Shards = to;
        await scenario.PlanUntilAsync("some keys are copied", topology => topology.Resharding?.Done.Count > 0, load.CheckAsync);
        scenario.Fleet.Shards = from;
        await scenario.PlanUntilAsync("back again", topology => IsDone(topology, from), load.CheckAsync);
        await load.EndAsync();

        await AssertInPlaceAsync(scenario, load, from);
    }

    [Fact]
    public async Task Proxies_and_members_that_die_in_every_phase_cost_no_key()
    {
        await using var scenario = await FleetScenario.StartAsync(Shape);
        await scenario.LoadAsync(Keys);
        foreach (var to in new[] { 2, 1 })
        {
            scenario.Fleet.Shards = to;
            await scenario.PlanUntilAsync("copies", topology => topology.Copies.Count > 0);
            await RestartAsync(scenario, 1);

            // One that gives keys, and another zone's that is given keys.
            var filling = scenario.Fleet.Topology;
            await ReplaceAsync(scenario, filling, filling.Copies[0].Source);
            await scenario.PlanUntilAsync("copies of others", topology => topology.Copies.Any(copy => copy.Source != filling.Copies[0].Source));
            await ReplaceAsync(scenario, filling, filling.Copies.FirstOrDefault(copy => copy.Target != filling.Copies[0].Target)?.Target ?? filling.Copies[0].Target);
            await scenario.PlanUntilAsync("the switch", topology => topology.Resharding is not { Phase: ReshardingPhase.Filling });
            await RestartAsync(scenario, 2);
            await scenario.PlanUntilAsync($"{to} shards", topology => IsDone(topology, to));
            await AssertInPlaceAsync(scenario, null, to);
        }
    }

    private static bool IsDone(TopologyDocument topology, int shards) =>
        topology.Resharding is null && topology.Shards == shards && topology.Members.Count == 3 * shards && topology.Members.All(member => member.State == MemberState.Ready);

    private static async Task RestartAsync(FleetScenario scenario, int proxy)
    {
        await scenario.Fleet.Proxies[proxy].KillAsync();
        await scenario.Fleet.PlanAsync(Token);
        await scenario.Fleet.Proxies[proxy].StartAsync(Token);
    }

    private static async Task ReplaceAsync(FleetScenario scenario, TopologyDocument topology, string uid)
    {
        if (scenario.Fleet.Members.FirstOrDefault(member => member.Uid == uid) is not { } lost) return;
        await lost.KillAsync();
        await scenario.Fleet.ReplaceAsync(lost, Token);
        Assert.Contains(topology.Members, member => member.Uid == uid);
    }

    // Every member holds exactly the keys of its shard, as the other zones do.
    private static async Task AssertInPlaceAsync(FleetScenario scenario, ReshardingLoad? load, int shards)
    {
        var expected = Enumerable.Range(0, Keys).ToDictionary(i => $"key:{i}", FleetScenario.ValueOf);
        foreach (var (key, value) in load?.Held ?? []) expected.Add(key, value);
        var members = scenario.Fleet.Members.OrderBy(member => member.Zone, StringComparer.Ordinal).ToList();
        for (var shard = 0; shard < shards; shard++)
        {
            var replicas = members.Where(member => member.Shard == shard).ToList();
            Assert.Equal(3, replicas.Count);
            var held = await FleetScenario.ContentsAsync(replicas[0]);
            var owned = expected.Where(item => JumpHash.Shard(KeyHash.Of(item.Key), shards) == shard).ToDictionary();
            Assert.Empty(held.Keys.Except(owned.Keys));
            Assert.Empty(owned.Keys.Except(held.Keys));
            Assert.All(owned, item => Assert.Equal(item.Value, held[item.Key].Value));
            foreach (var other in replicas.Skip(1)) await FleetScenario.AssertSameContentsAsync(replicas[0], other);

            // What marks deletions has gone with the keys as well.
            var listed = await Contents.ListAsync(replicas[0].EndPoint, Token);
            Assert.All(listed, item => Assert.Equal(shard, JumpHash.Shard(KeyHash.Of(item.Key), shards)));
        }
    }

    private static async Task<ReshardingLoad> LoadAsync(FleetScenario scenario)
    {
        var seed = Random.Shared.Next();
        var clients = new List<RawClient>();
        async Task<RawClient> ConnectAsync(int proxy)
        {
            clients.Add(await scenario.ConnectAsync(proxy));
            return clients[^1];
        }

        var readers = new List<SteadyReader>();
        for (var i = 0; i < 3; i++) readers.Add(new SteadyReader(await ConnectAsync(i), new Random(seed + i), Keys));
        var writers = new List<SteadyWriter>();
        for (var i = 0; i < 3; i++) writers.Add(new SteadyWriter([await ConnectAsync(0), await ConnectAsync(1), await ConnectAsync(2)], new Random(seed - 1 - i), $"own-{i}", 200));
        return new ReshardingLoad(clients, readers, writers);
    }
}
