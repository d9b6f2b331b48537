using System.Globalization;
using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class HotLaneTests
{
    private const int Keys = 200_000;

    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    public void A_hot_fifth_goes_ahead_and_nothing_is_lost_or_there_twice(int secondsOfAccess)
    {
        var (band, ahead) = (new KeyBand(1 << 25), new List<int>());
        using var lane = new HotLane(band, 0.2);
        for (var i = 0; i < Keys; i++)
            lane.Add(EntryOf(i, secondsOfAccess));
        lane.Complete();
        foreach (var segment in lane.Take(TestContext.Current.CancellationToken))
            Read(segment, ahead);
        var rest = new List<int>();
        Read(band, rest);

        Assert.InRange(ahead.Count, Keys / 10, Keys / 4);
        Assert.Equal(Enumerable.Range(0, Keys), ahead.Concat(rest).Order());
        if (secondsOfAccess > 1)
            Assert.All(ahead, key => Assert.InRange(AccessOf(key, secondsOfAccess), secondsOfAccess * 3 / 4, secondsOfAccess));
    }

    [Fact]
    public void A_consumer_that_is_late_makes_the_keys_wait_in_the_band_and_not_the_listing()
    {
        var (band, ahead) = (new KeyBand(1 << 25), new List<int>());
        using var lane = new HotLane(band, 1);
        for (var i = 0; i < Keys; i++)
            lane.Add(EntryOf(i, 1));
        lane.Complete();

        foreach (var segment in lane.Take(TestContext.Current.CancellationToken))
            Read(segment, ahead);
        Assert.InRange(ahead.Count, 1, Keys - 1);
        Assert.Equal(Keys, ahead.Count + band.Count);
    }

    private static DumpEntry EntryOf(int key, int seconds) =>
        new(Encoding.ASCII.GetBytes(key.ToString(CultureInfo.InvariantCulture)), 0, AccessOf(key, seconds), 1, 100);

    private static long AccessOf(int key, int seconds) => key * 7919L % seconds;

    private static void Read(KeyBand band, List<int> keys)
    {
        for (var i = 0; i < band.Count; i++)
            keys.Add(int.Parse(Encoding.ASCII.GetString(band[i].Text), CultureInfo.InvariantCulture));
    }
}
