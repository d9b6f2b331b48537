using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>What a proxy does with keys while the number of shards changes from one to two, or back: members 0 to 2 are of shard 0, 3 to 5 of shard 1.</summary>
public sealed class ReshardingTests
{
    private static readonly string Moved = Enumerable.Range(0, 100).Select(i => $"key:{i}").First(key => Owner(key) == 1);
    private static readonly string Staying = Enumerable.Range(0, 100).Select(i => $"key:{i}").First(key => Owner(key) == 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_new_members_are_filled_keys_that_move_are_written_to_both_and_read_where_they_were()
    {
        await using var fleet = await FillingAsync();
        using var client = await fleet.ConnectAsync(Token);
        Assert.Equal("STORED", await client.LineAsync($"set {Moved} 0 0 1\r\nx\r\n", Token));
        Assert.Equal("STORED", await client.LineAsync($"set {Staying} 0 0 1\r\ny\r\n", Token));

        // The answer to a write of a key that moves waits for both.
        var items = await Task.WhenAll(Enumerable.Range(0, 6).Select(member => fleet.ItemAsync(member, Moved, Token)));
        Assert.Equal(6, items.Count(item => item != "EN"));
        Assert.Single(items.Distinct());
        await ProxyFleet.WaitAsync(() => HoldersAsync(fleet, Staying).Result.SequenceEqual([0, 1, 2]), "the other key in its shard", Token);

        foreach (var member in new[] { 3, 4, 5 }) await DeleteAsync(fleet, member, Moved);
        Assert.Equal("x", await client.GetAsync(Moved, Token));
        foreach (var member in new[] { 0, 1, 2 }) await DeleteAsync(fleet, member, Moved);
        await client.LineAsync($"set {Moved} 0 0 1\r\nz\r\n", Token);
        foreach (var member in new[] { 0, 1, 2 }) await DeleteAsync(fleet, member, Moved);
        Assert.Null(await client.GetAsync(Moved, Token));
    }

    [Fact]
    public async Task After_the_switch_they_are_read_where_they_are_and_still_written_where_they_were()
    {
        await using var fleet = await FillingAsync();
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync($"set {Moved} 0 0 1\r\nx\r\n", Token);
        await SwitchAsync(fleet);
        Assert.Equal("x", await client.GetAsync(Moved, Token));
        Assert.Equal("STORED", await client.LineAsync($"set {Moved} 0 0 1\r\ny\r\n", Token));
        Assert.Single((await Task.WhenAll(Enumerable.Range(0, 6).Select(member => fleet.ItemAsync(member, Moved, Token)))).Distinct());
        foreach (var member in new[] { 3, 4, 5 }) await DeleteAsync(fleet, member, Moved);
        Assert.Null(await client.GetAsync(Moved, Token));

        await PurgeAsync(fleet);
        Assert.Equal("STORED", await client.LineAsync($"set {Moved} 0 0 4\r\nlast\r\n", Token));
        await ProxyFleet.WaitAsync(() => fleet.CopyAsync(5, Moved, Token).Result.Contains("last", StringComparison.Ordinal), "the last zone has it", Token);
        Assert.DoesNotContain("last", await fleet.CopyAsync(0, Moved, Token), StringComparison.Ordinal);
        Assert.Equal("last", await client.GetAsync(Moved, Token));
    }

    [Fact]
    public async Task Neighbours_before_and_after_the_switch_read_what_each_other_has_just_written()
    {
        await using var fleet = await FillingAsync(proxies: 2);
        using var ahead = await fleet.ConnectAsync(Token, proxy: 0);
        using var behind = await fleet.ConnectAsync(Token, proxy: 1);
        await fleet.Proxies[0].Topology.ApplyAsync(Switched(fleet.Document) with { Generation = 2 }, Token);
        for (var i = 0; i < 300; i++)
        {
            var (writer, reader) = i % 2 == 0 ? (ahead, behind) : (behind, ahead);
            Assert.Equal("STORED", await writer.LineAsync($"set {Moved} 0 0 4\r\n{i:0000}\r\n", Token));
            Assert.Equal($"{i:0000}", await reader.GetAsync(Moved, Token));
            if (i % 10 != 0) continue;
            Assert.Equal("DELETED", await reader.LineAsync($"delete {Moved}\r\n", Token));
            Assert.Null(await writer.GetAsync(Moved, Token));
            Assert.Equal("STORED", await writer.LineAsync($"add {Moved} 0 0 1\r\n1\r\n", Token));
            Assert.Equal("NOT_STORED", await reader.LineAsync($"add {Moved} 0 0 1\r\n1\r\n", Token));
            Assert.Equal("2", await reader.LineAsync($"incr {Moved} 1\r\n", Token));
            Assert.Equal("3", await writer.LineAsync($"incr {Moved} 1\r\n", Token));
        }
    }

    [Fact]
    public async Task What_is_under_way_to_members_that_leave_ends_there()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2, document: Shrinking);
        using var client = await fleet.ConnectAsync(Token);
        using var reader = await fleet.ConnectAsync(Token);
        Assert.Equal("STORED", await client.LineAsync($"set {Moved} 0 0 1\r\nx\r\n", Token));
        foreach (var member in new[] { 3, 4, 5 }) await fleet.Members[member].Process.SignalAsync("STOP", Token);
        await client.SendAsync($"set {Moved} 0 0 1\r\ny\r\n", Token);
        await reader.SendAsync($"get {Moved}\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Workers.Sum(worker => worker.Memory.Requests) == 2, "both are under way", Token);

        var applying = fleet.ApplyAsync(
            d => d with
            {
                Shards = 1,
                Resharding = d.Resharding! with { Phase = ReshardingPhase.Switched },
                Members = [.. d.Members.Select(m => m.Shard == 0 ? m : m with { State = MemberState.Draining })],
            },
            Token);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Workers.All(worker => worker.Commands.Routes!.Table.Document.Generation == fleet.Document.Generation), "the switch", Token);
        foreach (var member in new[] { 3, 4, 5 }) await fleet.Members[member].Process.SignalAsync("CONT", Token);

        Assert.Equal("STORED\r\n", await client.ReadUntilAsync("\r\n", Token));
        Assert.Matches("^VALUE .*\r\n[xy]\r\nEND\r\n$", await reader.ReadUntilAsync("END\r\n", Token));
        await applying;
        Assert.Equal("y", await client.GetAsync(Moved, Token));
    }

    [Fact]
    public async Task Flush_all_reaches_every_place_of_every_key()
    {
        await using var fleet = await FillingAsync();
        using var client = await fleet.ConnectAsync(Token);
        foreach (var isSwitched in new[] { false, true })
        {
            if (isSwitched) await SwitchAsync(fleet);
            for (var i = 0; i < 30; i++) await client.LineAsync($"set k{i} 0 0 1\r\nx\r\n", Token);
            Assert.Equal("OK", await client.LineAsync("flush_all\r\n", Token));
            for (var i = 0; i < 30; i++) Assert.Null(await client.GetAsync($"k{i}", Token));
            foreach (var member in Enumerable.Range(0, 6)) Assert.Empty(await HeldAsync(fleet, member));
        }
    }

    [Fact]
    public async Task A_new_place_that_missed_a_write_is_put_right_from_the_old_one()
    {
        await using var fleet = await FillingAsync(settings: s => s with { MemberTimeout = 500, HedgeDelay = 100 }, relayed: [(0, 4)]);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync($"set {Moved} 0 0 3\r\nold\r\n", Token);
        fleet.RelayOf(0, 4).Cut();
        Assert.Equal("STORED", await client.LineAsync($"set {Moved} 0 0 3\r\nnew\r\n", Token));
        Assert.Equal(1, fleet.Status(4).Hints);
        Assert.Contains("old", await fleet.CopyAsync(4, Moved, Token), StringComparison.Ordinal);
        fleet.RelayOf(0, 4).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(4) is { Reachable: true, Hints: 0 }, "made up for", Token);
        Assert.Equal(0, fleet.Status(4).MissedWrites);
        Assert.Equal(await fleet.CopyAsync(0, Moved, Token), await fleet.CopyAsync(4, Moved, Token));
    }

    [Fact]
    public async Task An_old_place_that_missed_a_write_of_a_key_that_has_left_is_only_relieved_of_it()
    {
        await using var fleet = await FillingAsync(settings: s => s with { MemberTimeout = 500, HedgeDelay = 100 }, relayed: [(0, 1)]);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync($"set {Moved} 0 0 3\r\nold\r\n", Token);
        fleet.RelayOf(0, 1).Cut();
        Assert.Equal("STORED", await client.LineAsync($"set {Moved} 0 0 3\r\nnew\r\n", Token));
        await SwitchAsync(fleet);
        await PurgeAsync(fleet);
        fleet.RelayOf(0, 1).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(1) is { Reachable: true, Hints: 0 }, "made up for", Token);
        Assert.Equal("EN", await fleet.ItemAsync(1, Moved, Token));
        Assert.Equal("new", await client.GetAsync(Moved, Token));
    }

    [Fact]
    public async Task A_new_place_that_refuses_a_value_costs_the_client_nothing()
    {
        await using var fleet = await FillingAsync();
        using var client = await fleet.ConnectAsync(Token);
        foreach (var member in new[] { 3, 4, 5 })
        {
            using var direct = await fleet.ConnectToMemberAsync(member, Token);
            Assert.StartsWith("OK", await direct.LineAsync("cache_memlimit 8\r\n", Token), StringComparison.Ordinal);
        }

        var value = new string('v', 900_000);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal("STORED", await client.LineAsync($"set {Moved} 0 0 {value.Length}\r\n{value}\r\n", Token));
            Assert.Equal(value, await client.GetAsync(Moved, Token));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_between_shards_brings_what_moves_and_drops_what_should_not_be_there(bool isShrinking)
    {
        await using var fleet = isShrinking ? await ProxyFleet.StartAsync(Token, shards: 2) : await FillingAsync();
        using var client = await fleet.ConnectAsync(Token);
        for (var i = 0; i < 2000; i++) await client.LineAsync($"set key:{i} {i} 0 1\r\nx\r\n", Token);
        var (source, target) = isShrinking ? (3, 0) : (0, 3);

        // Leftovers of an earlier change: one that is older than what is to come, one that exists no more.
        using var direct = await fleet.ConnectToMemberAsync(target, Token);
        if (!isShrinking) Assert.Equal("OK", await direct.LineAsync("flush_all\r\n", Token));
        var gone = Enumerable.Range(2000, 100).Select(i => $"key:{i}").First(key => Owner(key) == 1);
        Assert.Equal("HD", await direct.LineAsync($"ms {Moved} 5 E7\r\nstale\r\n", Token));
        Assert.Equal("HD", await direct.LineAsync($"ms {gone} 5 E7\r\nstale\r\n", Token));

        if (isShrinking) await fleet.ApplyAsync(Shrinking, Token);
        await fleet.ApplyAsync(d => d with { Copies = [new CopyAssignment { Id = "move", Proxy = "proxy-0", Source = $"uid-{source}", Target = $"uid-{target}" }] }, Token);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Reporter.Status().Copies is [{ Phase: CopyPhase.Succeeded, Missing: 0 }], "the copy", Token);

        var held = await HeldAsync(fleet, target);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"key:{i}").Where(key => isShrinking || Owner(key) == 1).ToHashSet(), held.Keys.ToHashSet());
        var original = await HeldAsync(fleet, source);
        Assert.All(original.Keys.Where(key => Owner(key) == 1), key => Assert.Equal(original[key], held[key]));
    }

    [Fact]
    public async Task A_purge_deletes_what_other_shards_own_and_nothing_else()
    {
        await using var fleet = await FillingAsync();
        using var client = await fleet.ConnectAsync(Token);
        for (var i = 0; i < 2000; i++) await client.LineAsync($"set key:{i} {i} 0 1\r\nx\r\n", Token);
        Assert.Equal("HD", await client.LineAsync("ms AAEC 1 b\r\nx\r\n", Token));
        await SwitchAsync(fleet);
        await PurgeAsync(fleet);
        await fleet.ApplyAsync(
            d => d with { Purges = [.. Enumerable.Range(0, 3).Select(i => new PurgeAssignment { Id = $"purge-{i}", Proxy = "proxy-0", Member = $"uid-{i}" })] }, Token);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Reporter.Status().Copies.Count(c => c.Phase == CopyPhase.Succeeded) == 3, "the purges", Token);

        var keys = Enumerable.Range(0, 2000).Select(i => $"key:{i}").Append("\0\u0001\u0002").ToList();
        for (var member = 0; member < 6; member++)
        {
            var expected = keys.Where(key => Owner(key) == 0 ? member < 3 : member >= 3).ToHashSet();
            Assert.Equal(expected, (await HeldAsync(fleet, member)).Keys.ToHashSet());
        }

        Assert.All(fleet.Proxy.Reporter.Status().Copies, c => Assert.Equal(keys.Count(key => Owner(key) == 1), c.Revoked));
    }

    private static int Owner(string key) => JumpHash.Shard(KeyHash.Of(key), 2);

    private static Task<ProxyFleet> FillingAsync(
        int proxies = 1, Func<CacheOperator.Proxy.Configuration.ProxySettings, CacheOperator.Proxy.Configuration.ProxySettings>? settings = null, (int, int)[]? relayed = null) =>
        ProxyFleet.StartAsync(Token, proxies, settings, Growing, shards: 2, relayed);

    private static TopologyDocument Growing(TopologyDocument document) => document with
    {
        Schema = 2,
        Shards = 1,
        Resharding = new Resharding { From = 1, To = 2, Phase = ReshardingPhase.Filling, Since = 1 },
        Members = [.. document.Members.Select(m => m.Shard == 0 ? m : m with { State = MemberState.Warming })],
    };

    private static TopologyDocument Shrinking(TopologyDocument document) => document with
    {
        Schema = 2,
        Resharding = new Resharding { From = 2, To = 1, Phase = ReshardingPhase.Filling, Since = 1 },
    };

    private static TopologyDocument Switched(TopologyDocument document) => document with
    {
        Shards = 2,
        Resharding = document.Resharding! with { Phase = ReshardingPhase.Switched },
        Members = [.. document.Members.Select(m => m with { State = MemberState.Ready })],
    };

    private static Task SwitchAsync(ProxyFleet fleet) => fleet.ApplyAsync(Switched, Token);

    private static Task PurgeAsync(ProxyFleet fleet) => fleet.ApplyAsync(d => d with { Resharding = d.Resharding! with { Phase = ReshardingPhase.Purging } }, Token);

    private static async Task<IEnumerable<int>> HoldersAsync(ProxyFleet fleet, string key)
    {
        var items = await Task.WhenAll(Enumerable.Range(0, 6).Select(member => fleet.ItemAsync(member, key, Token)));
        return Enumerable.Range(0, 6).Where(member => items[member] != "EN");
    }

    // Marks of deletions are none of the contents.
    private static async Task<Dictionary<string, StoredItem>> HeldAsync(ProxyFleet fleet, int member) =>
        (await Contents.ReadAsync(fleet.Members[member].EndPoint, Token)).Where(item => item.Value is not { Value: "", Version: var version } || version % 2 == 0).ToDictionary();

    private static async Task DeleteAsync(ProxyFleet fleet, int member, string key)
    {
        using var direct = await fleet.ConnectToMemberAsync(member, Token);
        await direct.LineAsync($"delete {key}\r\n", Token);
    }
}
