using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.WarmUp;

public sealed class CopyFailureTests
{
    private const long SlowBytesPerSecond = 200_000;
    private const int Items = 20_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_that_dies_half_way_fails_the_copy()
    {
        await using var bench = await StartHalfWayAsync();
        await bench.Source.Process.KillAsync();
        await AssertFailsAsync(bench, "source");
    }

    [Fact]
    public async Task A_target_that_restarts_half_way_fails_the_copy()
    {
        await using var bench = await StartHalfWayAsync();
        await bench.Target.RestartAsync(Token);
        await AssertFailsAsync(bench, "target");
    }

    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task A_member_that_freezes_fails_the_copy_when_patience_ends(string role)
    {
        await using var bench = await StartHalfWayAsync();
        await (role == "source" ? bench.Source : bench.Target).Process.SignalAsync("STOP", Token);
        await AssertFailsAsync(bench, $"{role} {role}", "did not answer within 1 s");
    }

    [Fact]
    public async Task A_process_other_than_the_topology_names_is_not_copied_from()
    {
        await using var bench = await CopyBench.StartAsync();
        await bench.LoadAsync(10);
        await bench.AssignAsync(sourceIncarnation: "1@1");
        await AssertFailsAsync(bench, "is another process than the topology names", "restarted");
        Assert.Empty(await bench.TargetContentsAsync());
    }

    [Fact]
    public async Task A_copy_that_broke_off_goes_on_where_it_was()
    {
        await using var bench = await StartHalfWayAsync();
        await bench.UnassignAsync();
        var before = (await bench.TargetContentsAsync()).Count;
        Assert.InRange(before, 100, Items - 100);

        var status = await bench.CopyAsync();

        // Some may have been on their way still.
        Assert.Equal((CopyPhase.Succeeded, 0, 0), (status.Phase, status.Missing, status.Revoked));
        Assert.InRange(status.Copied, 1, Items - before);
        Assert.Equal(await bench.SourceContentsAsync(), await bench.TargetContentsAsync());
    }

    [Fact]
    public async Task A_copy_that_is_no_longer_listed_stops()
    {
        await using var bench = await StartHalfWayAsync();
        await bench.UnassignAsync();
        Assert.Empty(bench.Statuses);
        using var target = await bench.OpenTargetAsync();
        await Deadline.UntilAsync(
            "the copy's connections are gone", Deadline.Patience, async () => (await target.StatsAsync(Token))["curr_connections"] is "1" or "2");
    }

    [Fact]
    public async Task A_crawler_at_work_for_someone_else_is_waited_for()
    {
        await using var bench = await CopyBench.StartAsync();
        await bench.LoadAsync(200_000);
        using var other = await bench.OpenSourceAsync();
        await other.SendAsync("lru_crawler metadump all\r\n", Token);
        await other.ReadLineAsync(Token);

        await bench.AssignAsync();
        await other.ReadUntilAsync("END\r\n", Token);

        Assert.Equal((CopyPhase.Succeeded, 200_000), ((await bench.EndAsync()) is var end ? (end.Phase, (int)end.Copied) : default));
    }

    private static async Task<CopyBench> StartHalfWayAsync()
    {
        var bench = await CopyBench.StartAsync(new CopyLimits { Patience = TimeSpan.FromSeconds(1), ItemsUnderWay = 40 });
        await bench.LoadAsync(Items);
        await bench.AssignAsync(maxBytesPerSecond: SlowBytesPerSecond);
        await Deadline.UntilAsync("some items are copied", Deadline.Patience, () => Task.FromResult(bench.Statuses.Single().Copied > 100));
        return bench;
    }

    private static async Task AssertFailsAsync(CopyBench bench, params string[] words)
    {
        var status = await bench.EndAsync();
        Assert.Equal(CopyPhase.Failed, status.Phase);
        Assert.All(words, word => Assert.Contains(word, status.Error, StringComparison.Ordinal));
        Assert.NotNull(status.FinishedAt);
    }
}
