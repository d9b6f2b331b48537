using System.Globalization;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>How many clients there may be, and how those are told that are too many.</summary>
public sealed class ClientLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_too_many_is_told_so_and_counted_and_room_is_used_again()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MaxClients = 2, Loops = 2 });
        using var first = await fleet.ConnectAsync(Token);
        using (var second = await fleet.ConnectAsync(Token))
        {
            Assert.Equal("MN", await first.LineAsync("mn\r\n", Token));
            Assert.Equal("MN", await second.LineAsync("mn\r\n", Token));

            using var third = await fleet.ConnectAsync(Token);
            Assert.Equal("ERROR Too many open connections\r\n", await third.ReadToEndAsync(Token));
            Assert.Equal("MN", await second.LineAsync("mn\r\n", Token));
        }

        Assert.Equal(1, fleet.Proxy.Workers.Sum(w => w.Metrics.ConnectionsRejected));
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Workers.Sum(w => w.Metrics.Connections) == 1, "one client", Token);
        using var fourth = await fleet.ConnectAsync(Token);
        Assert.Equal("MN", await fourth.LineAsync("mn\r\n", Token));
    }

    [Fact]
    public async Task A_silent_client_is_closed_when_that_is_wanted_and_a_busy_one_is_not()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { ClientIdleTimeout = TimeSpan.FromSeconds(2) });
        using var silent = await fleet.ConnectAsync(Token);
        using var busy = await fleet.ConnectAsync(Token);

        var closed = silent.ReadToEndAsync(Token);
        while (!closed.IsCompleted) Assert.Equal("MN", await busy.LineAsync("mn\r\n", Token));

        Assert.Empty(await closed);
        Assert.Equal(1, fleet.Proxy.Workers[0].Metrics.IdleClientsClosed);
    }

    [Fact]
    public async Task Without_descriptors_for_anybody_the_proxy_does_not_start()
    {
        var result = await ProxyProcess.Limited(ProxyProcess.Command([]), openFiles: 200).TryRunAsync(Token);

        Assert.Equal(69, result.ExitCode);
        Assert.Contains("ulimit -n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_few_descriptors_it_takes_fewer_clients_and_says_so()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 0);
        await using var proxy = await ProxyProcess.StartAsync(fleet.Document, Token, openFiles: 260);
        Assert.Contains("Room for 4 clients only, not for the 10000 of --max-clients", proxy.Log, StringComparison.Ordinal);

        var clients = new List<RawClient>();
        for (var i = 0; i < 4; i++)
        {
            clients.Add(await RawClient.ConnectAsync(proxy.EndPoint, Token));
            Assert.Equal("MN", await clients[i].LineAsync("mn\r\n", Token));
        }

        using var last = await RawClient.ConnectAsync(proxy.EndPoint, Token);
        Assert.Equal("ERROR Too many open connections\r\n", await last.ReadToEndAsync(Token));
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task When_descriptors_run_out_clients_wait_and_are_served_later()
    {
        const int Clients = 40;
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 0);
        await using var proxy = await ProxyProcess.StartAsync(fleet.Document, Token);
        var limit = (proxy.OpenFiles() + (Clients / 4)).ToString(CultureInfo.InvariantCulture);
        await new Command("prlimit", $"--pid={proxy.Id}", $"--nofile={limit}:{limit}").RunAsync(Token);

        using var first = await RawClient.ConnectAsync(proxy.EndPoint, Token);
        Assert.Equal("MN", await first.LineAsync("mn\r\n", Token));
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => RawClient.ConnectAsync(proxy.EndPoint, Token)));
        var answers = clients.Select(client => client.LineAsync("mn\r\n", Token)).ToList();
        await ProxyFleet.WaitAsync(() => proxy.Log.Contains("Cannot accept connections", StringComparison.Ordinal), "a word in the log", Token);

        // Those that are there are served, and everything but clients goes on: this takes descriptors of its own.
        for (var i = 0; i < 1000; i++) Assert.Equal("MN", await first.LineAsync("mn\r\n", Token));
        Assert.InRange((await proxy.MetricsAsync(Token))["cacheproxy_accept_failures_total"], 1, Clients);
        Assert.Contains(answers, answer => !answer.IsCompleted);

        // Whoever leaves makes room.
        await Task.WhenAll(clients.Zip(answers, async (client, answer) =>
        {
            Assert.Equal("MN", await answer);
            client.Dispose();
        }));
    }
}
