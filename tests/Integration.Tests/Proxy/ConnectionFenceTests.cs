using System.Net;
using System.Net.Sockets;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed class ConnectionFenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task It_is_passed_when_the_member_has_done_with_every_connection_that_was_given_up(string address)
    {
        await using var member = await MemcachedServer.StartAsync(await MemcachedBinary.EnsureAsync(null, Token), Token, address: IPAddress.Parse(address));
        await using var link = await ConnectAsync(member.EndPoint);
        using var first = await OpenAsync(member.EndPoint);
        using var second = await OpenAsync(member.EndPoint);
        using var live = await OpenAsync(member.EndPoint);
        var record = new MemberRecord("uid", TimeProvider.System);
        record.Abandon((IPEndPoint)first.LocalEndPoint!);
        record.Abandon((IPEndPoint)second.LocalEndPoint!);

        var passing = ConnectionFence.PassAsync(link, record, TimeProvider.System, Token);
        first.Close();
        await ProxyFleet.WaitAsync(() => record.Abandoned.Count == 1, "the first one gone", Token);
        Assert.False(passing.IsCompleted);
        await second.SendAsync("set late 0 0 1\r\nx\r\n"u8.ToArray(), Token);
        second.Close();

        await passing.WaitAsync(Deadline.Patience, Token);
        Assert.Empty(record.Abandoned);
        using var client = await RawClient.ConnectAsync(member.EndPoint, Token);
        Assert.Equal("x", await client.GetAsync("late", Token));
    }

    [Fact]
    public async Task It_waits_a_while_where_the_member_knows_connections_by_other_addresses()
    {
        await using var member = await MemcachedServer.StartAsync(await MemcachedBinary.EnsureAsync(null, Token), Token);
        await using var relay = new Relay(member.EndPoint);
        await using var link = await ConnectAsync(relay.EndPoint);
        var record = new MemberRecord("uid", TimeProvider.System);
        record.Abandon(new IPEndPoint(IPAddress.Loopback, 1));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        await ConnectionFence.PassAsync(link, record, TimeProvider.System, Token);

        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
        Assert.Empty(record.Abandoned);
    }

    private static Task<MemberLink> ConnectAsync(IPEndPoint endPoint) => MemberLink.ConnectAsync(
        "member",
        new Member { Uid = "uid", Name = "m", Zone = "a", Shard = 0, Address = endPoint.ToString(), State = MemberState.Ready },
        new CopyLimits(),
        TimeProvider.System,
        Token);

    private static async Task<Socket> OpenAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, Token);
        return socket;
    }
}
