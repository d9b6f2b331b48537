using CacheOperator.Integration.Tests.Proxy;

namespace CacheOperator.Integration.Tests.Faults;

public sealed class PipelineOrderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("get k\r\n", "VALUE k 0 3\r\nold\r\nEND\r\n")]
    [InlineData("get none k nothing\r\n", "VALUE k 0 3\r\nold\r\nEND\r\n")]
    [InlineData("mg k v\r\n", "VA 3\r\nold\r\n")]
    [InlineData("mg aw== b v\r\n", "VA 3\r\nold\r\n")]
    public async Task A_read_that_is_asked_elsewhere_does_not_see_what_the_pipeline_changes_after_it(string read, string answer)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 1000, HedgeDelay = 50 });
        using var client = await fleet.ConnectAsync(Token);
        Assert.Equal("STORED", await client.LineAsync("set k 0 0 3\r\nold\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(0, "k", Token)).StartsWith("HD", StringComparison.Ordinal), "the item at home", Token);
        await fleet.Members[0].Process.SignalAsync("STOP", Token);

        var expected = $"{answer}STORED\r\nVA 3\r\nnew\r\nDELETED\r\nEND\r\n";
        await client.SendAsync($"{read}set k 0 0 3\r\nnew\r\nmg k v\r\ndelete k\r\nget k\r\n", Token);
        Assert.Equal(expected, await client.ReadAsync(expected.Length, Token));
    }

    [Fact]
    public async Task Writes_among_reads_do_not_cut_the_line_that_all_reads_share()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, relayed: [(0, 0)]);
        using var client = await fleet.ConnectAsync(Token);
        Assert.Equal("STORED", await client.LineAsync("set a 0 0 3\r\nold\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(0, "a", Token)).StartsWith("HD", StringComparison.Ordinal), "the item at home", Token);
        fleet.RelayOf(0, 0).Hold();

        var expected = "VALUE a 0 3\r\nold\r\nEND\r\nSTORED\r\nVALUE b 0 3\r\nnew\r\nEND\r\nNOT_FOUND\r\nVALUE a 0 3\r\nold\r\nEND\r\nSTORED\r\nVALUE a 0 3\r\nnew\r\nEND\r\n";
        await client.SendAsync("get a\r\nset b 0 0 3\r\nnew\r\nget b\r\ndelete none\r\nget a\r\nset a 0 0 3\r\nnew\r\nget a\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.RelayOf(0, 0).Holds("gets a b a\r\n"), "the reads on one line", Token);
        fleet.RelayOf(0, 0).Release();
        Assert.Equal(expected, await client.ReadAsync(expected.Length, Token));
    }
}
