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
    public async Task Beside_clients_a_hot_fifth_goes_ahead_and_nothing_is_lost_or_there_twice(int secondsOfAccess)
    {
        var (band, ahead, rest) = (new KeyBand(1 << 25), new List<int>(), new List<int>());
        await PassAsync(new HotLane(band, () => 0.1), band, Keys, 0.2, secondsOfAccess, ahead, rest, isSlow: false);

        Assert.InRange(ahead.Count, 1, Keys / 3);
        Assert.Equal(Enumerable.Range(0, Keys), ahead.Concat(rest).Order());
        if (secondsOfAccess > 1)
            Assert.All(ahead, key => Assert.InRange(AccessOf(key, secondsOfAccess), secondsOfAccess * 2 / 3, secondsOfAccess));
    }

    [Theory]
    [InlineData(1, Keys, true)]
    [InlineData(0.1, Keys, false)]
    [InlineData(1, 50_000, false)]
    public void A_consumer_that_waits_gets_cold_keys_too_of_many_where_the_source_has_no_clients(double share, int expected, bool isGiven)
    {
        var lane = new HotLane(new KeyBand(1 << 25), () => share);
        lane.Begin(expected, hotShare: 0.2);
        for (var i = 0; i < 20_000; i++)
            lane.Add(EntryOf(i, 10_000));
        while (lane.TryTake(out var hot))
            lane.Return(hot);
        var before = lane.Taken;
        var coldest = Enumerable.Range(20_000, 10_000).Where(key => AccessOf(key, 10_000) < 5_000).ToList();
        foreach (var key in coldest)
            lane.Add(EntryOf(key, 10_000));

        Assert.Equal(isGiven, lane.TryTake(out _));
        Assert.Equal(isGiven, lane.Taken > before);
        Assert.True(lane.Taken - before < coldest.Count / 2, "Once it has something to do, the others wait for their turn.");
    }

    [Fact]
    public void A_consumer_that_is_late_makes_the_keys_wait_in_the_band_and_not_the_listing()
    {
        var (band, ahead) = (new KeyBand(1 << 25), new List<int>());
        var lane = new HotLane(band, () => 1);
        lane.Begin(Keys, 1);
        for (var i = 0; i < Keys; i++)
            lane.Add(EntryOf(i, 1));
        lane.AddRest();
        lane.Complete();

        Consume(lane, band, ahead, [], isSlow: false);
        Assert.InRange(ahead.Count, 1, Keys - 1);
        Assert.Equal((Keys, (long)ahead.Count), (ahead.Count + band.Count, lane.Taken));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 6)]
    public async Task Where_the_band_holds_a_fifth_passes_take_every_key_and_are_the_fewer_the_faster_the_consumer(bool isSlow, int mostPasses)
    {
        var (band, taken) = (new KeyBand(1 << 21), new List<int>());
        var lane = new HotLane(band, () => 1);
        var passes = 0;
        var left = (long)Keys;
        do
        {
            await PassAsync(lane, band, left, passes == 0 ? 0.2 : 1, 10_000, taken, taken, isSlow);
            left = Keys - taken.Count;
            passes++;
        }
        while (band.TryMoveOn());

        Assert.Equal(Enumerable.Range(0, Keys), taken.Distinct().Order());
        Assert.InRange(taken.Count, Keys, Keys * 1.02); // What was too cold after all is copied again.
        Assert.InRange(passes, 1, mostPasses);
    }

    [Fact]
    public void A_listing_that_broke_off_brings_what_went_ahead_and_not_the_rest()
    {
        var (band, ahead, rest) = (new KeyBand(1 << 25), new List<int>(), new List<int>());
        var lane = new HotLane(band, () => 1);
        lane.Begin(Keys, 0.2);
        for (var i = 0; i < Keys / 2; i++)
            lane.Add(EntryOf(i, 10_000));
        lane.Complete();

        Consume(lane, band, ahead, rest, isSlow: false);
        Assert.NotEmpty(ahead);
        Assert.Empty(rest);
    }

    private static async Task PassAsync(HotLane lane, KeyBand band, long expected, double hotShare, int secondsOfAccess, List<int> ahead, List<int> rest, bool isSlow)
    {
        lane.Begin(expected, hotShare);
        var consuming = Task.Run(() => Consume(lane, band, ahead, rest, isSlow));
        for (var i = 0; i < Keys; i++)
            lane.Add(EntryOf(i, secondsOfAccess));
        lane.AddRest();
        lane.Complete();
        await consuming;
    }

    private static void Consume(HotLane lane, KeyBand band, List<int> ahead, List<int> rest, bool isSlow)
    {
        while (lane.TryTake(out var next) || lane.Wait(out next, TestContext.Current.CancellationToken))
        {
            if (isSlow)
                Thread.Sleep(5);
            Read(next, next == band ? rest : ahead);
            lane.Return(next);
        }
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
