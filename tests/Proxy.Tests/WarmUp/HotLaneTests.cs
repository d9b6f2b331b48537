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
    public async Task A_hot_fifth_goes_ahead_and_nothing_is_lost_or_there_twice(int secondsOfAccess)
    {
        var (band, ahead) = (new KeyBand(1 << 25), new List<int>());
        await PassAsync(new HotLane(band), Keys, 0.2, secondsOfAccess, ahead, isSlow: true);
        var rest = new List<int>();
        Read(band, rest);

        Assert.InRange(ahead.Count, 1, Keys / 3);
        Assert.Equal(Enumerable.Range(0, Keys), ahead.Concat(rest).Order());
        if (secondsOfAccess > 1)
            Assert.All(ahead, key => Assert.InRange(AccessOf(key, secondsOfAccess), secondsOfAccess * 2 / 3, secondsOfAccess));
    }

    [Fact]
    public void A_consumer_that_is_late_makes_the_keys_wait_in_the_band_and_not_the_listing()
    {
        var (band, ahead) = (new KeyBand(1 << 25), new List<int>());
        var lane = new HotLane(band);
        lane.Begin(Keys, 1);
        for (var i = 0; i < Keys; i++)
            lane.Add(EntryOf(i, 1));
        lane.Complete();

        foreach (var segment in lane.Take(TestContext.Current.CancellationToken))
            Read(segment, ahead);
        Assert.InRange(ahead.Count, 1, Keys - 1);
        Assert.Equal((Keys, (long)ahead.Count), (ahead.Count + band.Count, lane.Taken));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 6)]
    public async Task Where_the_band_holds_a_fifth_passes_take_every_key_and_are_the_fewer_the_faster_the_consumer(bool isSlow, int mostPasses)
    {
        var (band, taken) = (new KeyBand(1 << 21), new List<int>());
        var lane = new HotLane(band);
        var passes = 0;
        var left = (long)Keys;
        do
        {
            await PassAsync(lane, left, passes == 0 ? 0.2 : 1, 10_000, taken, isSlow);
            Read(band, taken);
            left = Keys - taken.Count;
            passes++;
        }
        while (band.TryMoveOn());

        Assert.Equal(Enumerable.Range(0, Keys), taken.Distinct().Order());
        Assert.InRange(taken.Count, Keys, Keys * 1.02); // What was too cold after all is copied again.
        Assert.InRange(passes, 1, mostPasses);
    }

    private static async Task PassAsync(HotLane lane, long expected, double share, int secondsOfAccess, List<int> ahead, bool isSlow)
    {
        lane.Begin(expected, share);
        var taking = Task.Run(() =>
        {
            foreach (var segment in lane.Take(TestContext.Current.CancellationToken))
            {
                if (isSlow)
                    Thread.Sleep(5);
                Read(segment, ahead);
            }
        });
        for (var i = 0; i < Keys; i++)
            lane.Add(EntryOf(i, secondsOfAccess));
        lane.Complete();
        await taking;
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
