using System.Text;
using static CacheOperator.Integration.Tests.Proxy.CutOffMember;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Requests that a member executes after this proxy has given it up.</summary>
public sealed class LateRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_frozen_member_executes_late_does_not_stay()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 1500, HedgeDelay = 500, MaxClientBacklog = 64 << 20 });
        using var client = await fleet.ConnectAsync(Token);
        var ballast = new string('x', 100_000);
        for (var round = 0; round < 3; round++)
        {
            // What stands in the connection that is given up takes the member longer than a new connection does.
            await fleet.Members[2].Process.SignalAsync("STOP", Token);
            var script = new StringBuilder();
            for (var i = 0; i < 20; i++) script.Append($"set ballast-{i} 0 0 {ballast.Length} noreply\r\n{ballast}\r\n");
            script.Append($"set k 0 0 5\r\nfirst\r\n");
            Assert.Equal("STORED", await client.LineAsync(script.ToString(), Token));
            await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: false, Hints: > 0 }, "given up", Token);
            var resumed = fleet.Members[2].Process.SignalAsync("CONT", Token);
            while (!fleet.Status(2).Reachable) Assert.Equal("STORED", await client.LineAsync($"set k 0 0 6\r\nsecond\r\n", Token));
            Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));
            Assert.Equal("STORED", await client.LineAsync("set k 0 0 4\r\nlast\r\n", Token));
            await resumed;

            await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: true, Hints: 0, ServesReads: true }, "taken back", Token);

            Assert.Equal(0, fleet.Status(2).MissedWrites);
            var onTheOthers = await fleet.CopyAsync(0, "k", Token);
            Assert.Contains("last", onTheOthers, StringComparison.Ordinal);
            Assert.Contains(await fleet.CopyAsync(2, "k", Token), new[] { onTheOthers, "EN\r\n" });
        }
    }

    [Fact]
    public async Task While_a_connection_that_was_given_up_is_still_open_nothing_is_settled()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 1500, HedgeDelay = 500 });
        using var client = await fleet.ConnectAsync(Token);
        using var late = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await late.ConnectAsync(fleet.Members[2].EndPoint, Token);
        var record = fleet.Proxy.Topology.Current!.Members["uid-2"].Record;
        record.Abandon(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, ((System.Net.IPEndPoint)late.LocalEndPoint!).Port));
        await fleet.Members[2].Process.SignalAsync("STOP", Token);
        await client.LineAsync("set k 0 0 5\r\nfirst\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: false, Hints: 1 }, "given up", Token);
        await fleet.Members[2].Process.SignalAsync("CONT", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(2).Reachable && record.Abandoned.Count == 1, "the other one gone", Token);
        Assert.Equal((1, false), (fleet.Status(2).Hints, fleet.Status(2).ServesReads));
        await client.LineAsync("set k 0 0 6\r\nsecond\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.CopyAsync(2, "k", Token)).Contains("second", StringComparison.Ordinal), "the newer one", Token);

        // The older write is executed after the newer one that was acknowledged.
        await late.SendAsync("ms k 5 E8\r\nfirst\r\n"u8.ToArray(), Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.CopyAsync(2, "k", Token)).Contains("first", StringComparison.Ordinal), "the older one", Token);
        late.Close();
        await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Hints: 0, ServesReads: true }, "settled", Token);

        await WaitUntilSameAsync(fleet, "k");
        Assert.Equal("second", await client.GetAsync("k", Token));
    }
}
