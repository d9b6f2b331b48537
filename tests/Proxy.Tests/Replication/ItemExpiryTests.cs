using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Tests.Replication;

public sealed class ItemExpiryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(60, 60)]
    [InlineData(2_592_000, 2_592_000)]
    [InlineData(2_592_001, 1_802_592_001)]
    public void The_time_left_is_told_to_memcached_in_the_way_that_means_the_same(long left, long expected) =>
        Assert.Equal(expected, ItemExpiry.ForRemaining(left, Now));

    [Theory]
    [InlineData(0, -1)]
    [InlineData(60, 60)]
    [InlineData(1_700_000_060, 60)]
    [InlineData(1_600_000_000, 0)]
    public void What_an_item_stored_now_has_left(long exptime, long seconds) =>
        Assert.Equal(seconds, ItemExpiry.Remaining(exptime, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(2_592_000, false)]
    [InlineData(2_592_001, true)]
    [InlineData(1_700_000_000, true)]
    [InlineData(1_700_000_001, false)]
    public void Whether_an_item_is_gone_at_once(int exptime, bool isPast) =>
        Assert.Equal(isPast, ItemExpiry.IsPast(exptime, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));
}
