using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.Tests.Heat;

public sealed class ReadHeatTests
{
    private const long Now = 1_750_000_000;

    [Fact]
    public void What_is_read_more_often_is_hotter_whatever_the_last_access_was()
    {
        var heat = new ReadHeat(1);
        for (var round = 0; round < 20_000; round++)
        {
            heat[0].OnRead("hot"u8);
            if (round % 10 == 0) heat[0].OnRead("warm"u8);
        }

        var map = heat.Take();
        Assert.True(HeatOf(map, "hot", Now - 86_400) > HeatOf(map, "warm", Now));
        Assert.True(HeatOf(map, "warm", Now - 86_400) > HeatOf(map, "never read", Now));
    }

    [Fact]
    public void Of_what_is_read_alike_the_last_access_decides()
    {
        var map = new ReadHeat(1).Take();
        Assert.True(HeatOf(map, "a", Now) > HeatOf(map, "b", Now - 3600));
    }

    [Fact]
    public void What_all_loops_have_seen_counts_and_does_not_run_over()
    {
        var heat = new ReadHeat(2);
        for (var loop = 0; loop < 2; loop++)
        {
            for (var i = 0; i < 40_000; i++) heat[loop].OnRead("very hot"u8);
            for (var i = 0; i < 1000; i++) heat[loop].OnRead(KeyHash.Of("warm"));
        }

        var map = heat.Take();
        Assert.True(HeatOf(map, "very hot", 0) > HeatOf(map, "warm", Now));
    }

    [Fact]
    public void What_was_hot_long_ago_cools_down()
    {
        var heat = new ReadHeat(1);
        for (var i = 0; i < 2000; i++) heat[0].OnRead("once"u8);
        var before = HeatOf(heat.Take(), "once", 0);
        for (var i = 0; i < 80 * ReadSketch.Counters; i++) heat[0].OnRead("since"u8);

        Assert.InRange(HeatOf(heat.Take(), "once", 0), 1u, before / 2);
    }

    [Fact]
    public void Keys_read_in_the_same_order_again_and_again_are_all_seen()
    {
        var heat = new ReadHeat(1);
        for (var round = 0; round < 2000; round++)
        {
            for (ulong key = 0; key < 16; key++) heat[0].OnRead(KeyHash.Mix(key));
        }

        var map = heat.Take();
        Assert.All(Enumerable.Range(0, 16), key => Assert.NotEqual(0u, map.HeatOf(KeyHash.Mix((ulong)key), 0)));
    }

    private static uint HeatOf(HeatMap map, string key, long lastAccess) => map.HeatOf(KeyHash.Of(key), lastAccess);
}
