using CacheOperator.Testbed.Load;

namespace CacheOperator.TestbedTests;

/// <summary>What the cluster tests and the demo conclude from the load client holds only if it sees every fault.</summary>
public sealed class LoadClientTests(MemcachedFixture memcached)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_filled_is_all_there()
    {
        await using var server = await memcached.StartAsync();
        var client = Client(server.EndPoint.ToString());

        Assert.Equal(client.Keys, (await client.FillAsync(Cancelled)).Writes);
        var check = await client.CheckAsync(TimeSpan.Zero, Cancelled);

        Assert.Equal((client.Keys, 0, 0, 0), (check.Hits, check.Misses, check.Wrong, check.GetErrors));
    }

    [Fact]
    public async Task Lost_expired_and_changed_keys_are_told_apart()
    {
        await using var server = await memcached.StartAsync();
        var client = Client(server.EndPoint.ToString()) with { TimesToLive = [0, 30] };
        await client.FillAsync(Cancelled);
        await MemcachedFixture.SendAsync(server, "delete load:00000000");
        await MemcachedFixture.SendAsync(server, "delete load:00000001");
        await MemcachedFixture.SendAsync(server, "ms load:00000002 2\r\nno");

        var check = await client.CheckAsync(TimeSpan.FromSeconds(60), Cancelled);

        Assert.Equal((1, 1, 1), (check.Misses, check.Expired, check.Wrong));
        Assert.Contains(check.Errors.Keys, text => text.Contains("load:00000002", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_flags_are_a_wrong_answer()
    {
        await using var server = await memcached.StartAsync();
        var client = Client(server.EndPoint.ToString());
        await client.FillAsync(Cancelled);
        var value = (await MemcachedFixture.SendAsync(server, "mg load:00000003 v", answerLines: 2))[1];
        await MemcachedFixture.SendAsync(server, $"ms load:00000003 {value.Length} F7\r\n{value}");

        var check = await client.CheckAsync(TimeSpan.Zero, Cancelled);

        Assert.Equal(1, check.Wrong);
    }

    [Fact]
    public async Task Values_of_an_earlier_write_are_wrong_answers()
    {
        await using var server = await memcached.StartAsync();
        var client = Client(server.EndPoint.ToString());
        await client.FillAsync(Cancelled);

        var check = await (client with { Write = 1 }).CheckAsync(TimeSpan.Zero, Cancelled);

        Assert.Equal(client.Keys, check.Wrong);
    }

    [Fact]
    public async Task A_client_that_may_reconnect_survives_a_restart_without_an_error()
    {
        await using var server = await memcached.StartAsync();
        var client = Client(server.EndPoint.ToString()) with { Attempts = 200 };
        await client.FillAsync(Cancelled);
        var log = Path.GetTempFileName();
        await using var load = client.Start(log);
        await load.ObserveAsync(1, Cancelled);

        await server.Process.KillAsync();
        await server.RestartAsync(Cancelled);
        await load.ObserveAsync(2, Cancelled);
        var total = await load.StopAsync(Cancelled);

        Assert.True(total is { Hits: > 0, Misses: > 0, GetErrors: 0, WriteErrors: 0 }, total.ToString());
        File.Delete(log);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_errors_and_an_empty_one_misses()
    {
        await using var server = await memcached.StartAsync();
        var client = Client(server.EndPoint.ToString());
        await client.FillAsync(Cancelled);
        var log = Path.GetTempFileName();
        await using var load = client.Start(log);
        var calm = await load.ObserveAsync(2, Cancelled);
        Assert.True(calm is { Hits: > 0, Misses: 0, GetErrors: 0, Wrong: 0, WriteErrors: 0 }, calm.ToString());

        await server.Process.KillAsync();
        var gone = await load.ObserveAsync(2, Cancelled);
        await server.RestartAsync(Cancelled);
        await load.ObserveAsync(1, Cancelled);
        var empty = await load.ObserveAsync(2, Cancelled);
        var total = await load.StopAsync(Cancelled);

        Assert.True(gone is { GetErrors: > 0 }, gone.ToString());
        Assert.Contains(gone.Errors.Keys, text => text.Contains("refused", StringComparison.OrdinalIgnoreCase));
        Assert.True(empty is { Misses: > 0, GetErrors: 0 }, empty.ToString());
        Assert.True(total.GetErrors >= gone.GetErrors && total.Hits >= calm.Hits, total.ToString());
        File.Delete(log);
    }

    private static LoadClient Client(string endpoint) => new([endpoint]) { Prefix = "load", Keys = 1000, Rate = 500 };
}
