using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>A proxy that loses most members by itself may be the one that is cut off.</summary>
public sealed class IsolationTests
{
    private const string NoMajority = "SERVER_ERROR no majority of the replicas reached";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_majority_no_write_is_acknowledged_but_reads_go_on()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 3\r\nold\r\n", Token);
        await client.LineAsync("set number 0 0 1\r\n7\r\n", Token);
        await CutAsync(fleet, 1);
        Assert.Equal("STORED", await client.LineAsync("set k 0 0 3\r\none\r\n", Token));
        await CutAsync(fleet, 2);

        foreach (var write in new[]
        {
            "set k 0 0 3\r\nnew\r\n", "delete gone\r\n", "touch k 100\r\n", "add added 0 0 1\r\nx\r\n", "incr number 1\r\n", "append k 0 0 1\r\nx\r\n", "ms k 3\r\nnew\r\n", "md gone\r\n",
        })
        {
            Assert.Equal(NoMajority, await client.LineAsync(write, Token));
        }

        Assert.Equal("SERVER_ERROR too few replicas of some shard answer", await client.LineAsync("flush_all 1000\r\n", Token));
        Assert.Equal("new", await client.GetAsync("k", Token));
        Assert.Equal("7", await client.GetAsync("number", Token));
        Assert.Null(await client.GetAsync("added", Token));
        Assert.Equal("VALUE k 0 3\r\nnew\r\nEND\r\n", await client.AskAsync("gat 100 k\r\n", "END\r\n", Token));
    }

    [Fact]
    public async Task A_proxy_that_is_cut_off_fails_readiness_and_reports_it()
    {
        await using var fleet = await StartAsync();
        await CutAsync(fleet, 1);
        Assert.Null(fleet.Proxy.Reporter.NotReadyReason());
        await CutAsync(fleet, 2);

        await ProxyFleet.WaitAsync(() => fleet.Proxy.Reporter.NotReadyReason() == "isolated: reaches 1 of 3 members", "not ready", Token);
        Assert.True(fleet.Proxy.Reporter.Status().Isolated);

        fleet.RelayOf(0, 2).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Reporter.Status() is { Isolated: false, Ready: true }, "ready again", Token);
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_made_up_for_if_that_is_possible_soon_and_makes_no_member_miss_anything()
    {
        await using var fleet = await StartAsync(window: TimeSpan.FromSeconds(15));
        using var client = await fleet.ConnectAsync(Token);
        await CutAsync(fleet, 1);
        await CutAsync(fleet, 2);
        Assert.Equal(NoMajority, await client.LineAsync("set soon 0 0 1\r\nx\r\n", Token));
        Assert.Equal((1, 1), (fleet.Status(1).Hints, fleet.Status(2).Hints));
        fleet.RelayOf(0, 1).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(1) is { Hints: 0, ServesReads: true }, "settled", Token);
        Assert.StartsWith("VA", await fleet.CopyAsync(1, "soon", Token), StringComparison.Ordinal);

        await ProxyFleet.WaitAsync(() => fleet.Status(2).Hints == 0, "forgotten", Token);

        Assert.Equal((0, 0), (fleet.Status(1).MissedWrites, fleet.Status(2).MissedWrites));
        fleet.RelayOf(0, 2).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(2).ServesReads, "read again", Token);
    }

    [Fact]
    public async Task The_topology_frees_those_that_are_left()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await CutAsync(fleet, 1);
        await CutAsync(fleet, 2);
        Assert.Equal(NoMajority, await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));

        await fleet.ApplyAsync(d => d with { Members = [.. d.Members.Select(m => m.Zone == "a" ? m : m with { State = MemberState.Quarantined, Epoch = 2 })] }, Token);

        Assert.Equal("STORED", await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));
        Assert.Equal("8", (await client.LineAsync("set n 0 0 1\r\n7\r\n", Token), await client.LineAsync("incr n 1\r\n", Token)).Item2);
        Assert.Null(fleet.Proxy.Reporter.NotReadyReason());
    }

    [Theory]
    [InlineData(WriteAck.Local, "STORED", 2)]
    [InlineData(WriteAck.All, NoMajority, 2)]
    [InlineData(WriteAck.All, "STORED", 1)]
    public async Task What_is_asked_for_decides(WriteAck writeAck, string expected, int lost)
    {
        await using var fleet = await StartAsync(writeAck);
        using var client = await fleet.ConnectAsync(Token);
        for (var member = 1; member <= lost; member++) await CutAsync(fleet, member);

        Assert.Equal(expected, await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));
    }

    private static Task<ProxyFleet> StartAsync(WriteAck writeAck = WriteAck.Majority, TimeSpan? window = null) => ProxyFleet.StartAsync(
        Token,
        settings: s => s with { MemberTimeout = 1000, HedgeDelay = 500, HintWindow = window ?? TimeSpan.FromMinutes(1) },
        document: d => d with { Replication = new ReplicationSettings { WriteAck = writeAck } },
        relayed: [(0, 1), (0, 2)]);

    private static async Task CutAsync(ProxyFleet fleet, int member)
    {
        fleet.RelayOf(0, member).Cut();
        await ProxyFleet.WaitAsync(() => !fleet.Status(member).Reachable, $"the loss of {member} noticed", Token);
    }
}
