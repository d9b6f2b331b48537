using CacheOperator.Proxy.Replication;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.Replication;

public sealed class VersionClockTests
{
    private readonly FakeTimeProvider _time = new(ItemVersion.Origin + TimeSpan.FromDays(1000));

    [Fact]
    public void A_version_is_laid_out_as_documented()
    {
        var version = new VersionClock(_time) { Number = 1023 }.Next();

        Assert.Equal((ulong)TimeSpan.FromDays(1000).TotalMilliseconds, version >> 22);
        Assert.Equal(0UL, (version >> 11) & 0x7ff);
        Assert.Equal(1023UL, (version >> 1) & 0x3ff);
        Assert.Equal(0UL, version & 1);
        Assert.Equal(version + 1, ItemVersion.Tombstone(version));
    }

    [Fact]
    public void Versions_grow_within_a_millisecond_and_when_the_counter_is_full()
    {
        var clock = new VersionClock(_time);
        var last = 0UL;
        for (var i = 0; i < 5000; i++)
        {
            var next = clock.Next();
            Assert.True(next > last);
            last = next;
        }
    }

    [Fact]
    public void Versions_grow_when_the_wall_clock_jumps_back()
    {
        var time = new JumpingTime { Now = ItemVersion.Origin + TimeSpan.FromDays(10) };
        var clock = new VersionClock(time);
        var before = clock.Next();
        time.Now -= TimeSpan.FromDays(1);

        Assert.True(clock.Next() > before);
    }

    [Fact]
    public void Versions_exceed_every_one_that_was_seen()
    {
        var clock = new VersionClock(_time) { Number = 3 };
        var ahead = clock.Next() + (5000UL << ItemVersion.MillisecondsShift);

        clock.Observe(ahead);

        Assert.True(clock.Next() > ahead);
    }

    [Fact]
    public void A_version_that_no_proxy_can_have_given_is_not_followed()
    {
        var clock = new VersionClock(_time);
        clock.Observe(ulong.MaxValue);
        Assert.Equal((ulong)TimeSpan.FromDays(1000).TotalMilliseconds, clock.Next() >> ItemVersion.MillisecondsShift);
    }

    [Fact]
    public void Versions_of_many_threads_are_unique()
    {
        var clock = new VersionClock(_time);
        var versions = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).SelectMany(_ => Enumerable.Range(0, 20_000).Select(_ => clock.Next()).ToList()).ToList();
        Assert.Equal(versions.Count, versions.Distinct().Count());
    }

    [Theory]
    [InlineData(5UL, 0UL, true)]
    [InlineData(4UL, 0UL, false)]
    [InlineData(5UL, 1UL, false)]
    public void A_tombstone_is_an_empty_item_of_an_odd_version(ulong version, ulong length, bool expected) =>
        Assert.Equal(expected, ItemVersion.IsTombstone(version, length));

    private sealed class JumpingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
