using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.WarmUp;

public sealed class SourceProbeTests
{
    /// <summary>Each way; so much that a busy machine does not stand out.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_gentle_beside_clients_the_more_the_later_the_source_answers()
    {
        var program = await MemcachedBinary.EnsureAsync(new TextProgress(Console.Error), Token);
        await using var server = await MemcachedServer.StartAsync(program, Token);
        await using var way = new Relay(server.EndPoint, Usual);
        var member = new Member { Uid = "source", Name = "source", Zone = "a", Shard = 0, Address = $"{way.EndPoint}", State = MemberState.Ready };
        await using var link = await MemberLink.ConnectAsync("source", member, new CopyLimits(), TimeProvider.System, Token);
        var clients = new ClientTraffic(TimeProvider.System);
        var backoff = new Backoff(clients);
        var probe = new SourceProbe(link, clients, backoff, TimeProvider.System);

        await probe.CalibrateAsync();
        Assert.Equal(1, backoff.Share);
        await probe.DuringAsync(async () =>
        {
            using var client = await RawClient.ConnectAsync(server.EndPoint, Token);
            await WhileUsedAsync(client, "it sees the client", () => backoff.Share < 1);
            way.Latency = Usual * 6;
            await WhileUsedAsync(client, "it backs off", () => backoff.Share <= Backoff.LeastShare);
            way.Latency = Usual / 2;
            await WhileUsedAsync(client, "it comes back", () => backoff.Share is > Backoff.LeastShare * 1.1 and < 1);
            await Deadline.UntilAsync("it notices that the client is gone", Deadline.Patience, () => Task.FromResult(backoff.Share >= 1));
            return true;
        });
    }

    private static Task WhileUsedAsync(RawClient client, string what, Func<bool> condition) => Deadline.UntilAsync(what, Deadline.Patience, async () =>
    {
        await client.AskAsync(string.Concat(Enumerable.Repeat("mg key q\r\n", 100)) + "mn\r\n", "MN\r\n", Token);
        return condition();
    });
}
