using CacheOperator.Provisioning;
using CacheOperator.Testbed.Load;

namespace CacheOperator.Integration.Tests.Fleets;

public sealed class MemberLossTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_see_neither_an_error_nor_a_miss_while_a_member_is_lost_and_replaced()
    {
        await LoadClient.EnsureInstalledAsync(new TextProgress(Console.Error), Token);
        await using var scenario = await FleetScenario.StartAsync();
        var client = new LoadClient([.. scenario.Fleet.Proxies.Select(proxy => proxy.EndPoint.ToString())]) { Keys = 10_000, Rate = 1000 };
        Assert.Equal(0, (await client.FillAsync(Token)).WriteErrors);
        await using var load = client.Start(Path.Combine(Path.GetTempPath(), $"load-{Guid.NewGuid():N}.log"));
        await load.ObserveAsync(2, Token);

        var lost = scenario.Fleet.Members[0];
        await lost.KillAsync();
        await load.ObserveAsync(2, Token);
        var newcomer = await scenario.Fleet.ReplaceAsync(lost, Token);
        await scenario.PlanUntilReadyAsync(newcomer);
        await load.ObserveAsync(2, Token);
        var report = await load.StopAsync(Token);

        output.WriteLine($"{report}");
        Assert.Equal((0, 0, 0, 0), (report.GetErrors, report.WriteErrors, report.Wrong, report.Misses));
        Assert.True(report.Hits > 2000, "the clients hardly did anything");
        Assert.True(report.Writes > 50, "the clients hardly wrote anything");
        await FleetScenario.AssertSameContentsAsync(scenario.Fleet.Members[1], newcomer);
    }
}
