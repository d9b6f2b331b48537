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
    public async Task A_copy_backs_off_while_its_source_answers_late_and_comes_back_after_that()
    {
        var program = await MemcachedBinary.EnsureAsync(new TextProgress(Console.Error), Token);
        await using var server = await MemcachedServer.StartAsync(program, Token);
        await using var way = new Relay(server.EndPoint, Usual);
        var member = new Member { Uid = "source", Name = "source", Zone = "a", Shard = 0, Address = $"{way.EndPoint}", State = MemberState.Ready };
        await using var link = await MemberLink.ConnectAsync("source", member, new CopyLimits(), TimeProvider.System, Token);
        var backoff = new Backoff();
        var probe = new SourceProbe(link, backoff, TimeProvider.System);

        await probe.CalibrateAsync();
        Assert.Equal(1, backoff.Share);
        await probe.DuringAsync(async () =>
        {
            way.Latency = Usual * 6;
            await Deadline.UntilAsync("it backs off", Deadline.Patience, () => Task.FromResult(backoff.Share <= 0.5));
            way.Latency = Usual / 2;
            await Deadline.UntilAsync("it comes back", Deadline.Patience, () => Task.FromResult(backoff.Share >= 1));
        });
    }
}
