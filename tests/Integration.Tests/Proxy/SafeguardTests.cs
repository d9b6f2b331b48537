using CacheOperator.Proxy.Configuration;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>
/// One interleaving for each safeguard that the consistency checker needs luck to miss: nothing outdated stays, and without the safeguard it does.
/// </summary>
public sealed class SafeguardTests
{
    private const string Key = "guarded";
    private const int Warming = 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_item_that_is_on_its_way_to_where_it_was_missed_does_not_come_back_after_its_deletion(bool tombstones)
    {
        await using var fleet = await StartAsync(
            Safeguards.All with { Tombstones = tombstones }, d => d with { Replication = d.Replication with { ReadFallback = ReadFallback.OnMiss } }, (0, 0), (0, 1));
        using var reader = await fleet.ConnectAsync(Token);
        using var writer = await fleet.ConnectAsync(Token, proxy: 1);
        using var local = await fleet.ConnectToMemberAsync(0, Token);
        Assert.Equal("STORED", await writer.LineAsync($"set {Key} 0 0 3\r\nold\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.CopiesAsync(Key, Token)).All(IsOld), "stored everywhere", Token);
        Assert.Equal("HD", await local.LineAsync($"md {Key}\r\n", Token));

        // The reader finds nothing in its own zone and brings the item there, but does not get so far.
        fleet.RelayOf(0, 1).Hold();
        var reading = reader.GetAsync(Key, Token);
        await ProxyFleet.WaitAsync(() => fleet.RelayOf(0, 1).Holds(Key), "asking the next zone", Token);
        fleet.RelayOf(0, 0).Hold();
        fleet.RelayOf(0, 1).Release();
        Assert.Equal("old", await reading);
        await ProxyFleet.WaitAsync(() => fleet.RelayOf(0, 0).Holds(Key), "bringing it home", Token);

        Assert.Equal("DELETED", await writer.LineAsync($"delete {Key}\r\n", Token));
        await ProxyFleet.WaitAsync(async () => !(await fleet.CopiesAsync(Key, Token)).Any(IsOld), "deleted everywhere", Token);
        var stored = await CountAsync(local, "cmd_set");
        fleet.RelayOf(0, 0).Release();
        await ProxyFleet.WaitAsync(async () => await CountAsync(local, "cmd_set") > stored, "brought home", Token);

        Assert.Equal(!tombstones, IsOld(await fleet.CopyAsync(0, Key, Token)));
        Assert.Equal(tombstones ? null : "old", await reader.GetAsync(Key, Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_that_the_source_gets_late_is_not_overtaken_by_a_copy(bool orderRule)
    {
        await using var fleet = await StartAsync(
            Safeguards.All with { OrderRule = orderRule },
            d => d with { Members = [.. d.Members.Select((m, i) => i == Warming ? m with { State = MemberState.Warming } : m)] },
            (0, 0),
            (0, 1));
        using var writer = await fleet.ConnectAsync(Token);
        using var target = await fleet.ConnectToMemberAsync(Warming, Token);
        Assert.Equal("STORED", await writer.LineAsync($"set {Key} 0 1000 3\r\nold\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.CopiesAsync(Key, Token)).All(IsOld), "stored everywhere", Token);
        Assert.Equal("HD", await target.LineAsync($"md {Key}\r\n", Token));

        // No Ready member gets the touch before the copy is complete, and verified.
        var (missed, touched) = (await CountAsync(target, "get_misses"), await CountAsync(target, "cmd_touch"));
        fleet.RelayOf(0, 0).Hold();
        fleet.RelayOf(0, 1).Hold();
        var touching = writer.LineAsync($"touch {Key} 100\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.RelayOf(0, 0).Holds(Key) && fleet.RelayOf(0, 1).Holds(Key), "touching", Token);
        if (!orderRule) await ProxyFleet.WaitAsync(async () => await CountAsync(target, "get_misses") > missed, "touching nothing on the target", Token);
        await CopyAsync(fleet);
        Assert.InRange(await LifeAsync(target), 900, 1000);
        fleet.RelayOf(0, 0).Release();
        fleet.RelayOf(0, 1).Release();
        Assert.Equal("TOUCHED", await touching);
        if (orderRule) await ProxyFleet.WaitAsync(async () => await CountAsync(target, "cmd_touch") > touched, "touching the target", Token);

        using var source = await fleet.ConnectToMemberAsync(0, Token);
        Assert.InRange(await LifeAsync(source), 1, 100);
        Assert.Equal(orderRule, await LifeAsync(target) <= 100);
    }

    private static Task<ProxyFleet> StartAsync(Safeguards safeguards, Func<TopologyDocument, TopologyDocument> document, params (int Proxy, int Member)[] relayed) =>
        ProxyFleet.StartAsync(
            Token, proxies: 2, settings: s => s with { Safeguards = safeguards, MemberTimeout = 60_000, HedgeDelay = 30_000 }, document: document, relayed: relayed);

    /// <summary>Has the other proxy fill the member that is warming.</summary>
    private static async Task CopyAsync(ProxyFleet fleet)
    {
        var copier = fleet.Proxies[1];
        var copy = new CopyAssignment { Id = "copy", Proxy = "proxy-1", Source = "uid-0", Target = $"uid-{Warming}" };
        await copier.Topology.ApplyAsync(fleet.Document with { Generation = fleet.Document.Generation + 1, Copies = [copy] }, Token);
        await ProxyFleet.WaitAsync(() => copier.Reporter.Status().Copies is [{ Phase: CopyPhase.Succeeded, Copied: 1 }], "copied", Token);
    }

    private static bool IsOld(string copy) => copy.Contains("old", StringComparison.Ordinal);

    private static async Task<long> LifeAsync(RawClient member)
    {
        var answer = await member.LineAsync($"mg {Key} t u\r\n", Token);
        Assert.StartsWith("HD t", answer, StringComparison.Ordinal);
        return long.Parse(answer.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<long> CountAsync(RawClient member, string statistic) =>
        long.Parse((await member.StatsAsync(Token))[statistic], System.Globalization.CultureInfo.InvariantCulture);
}
