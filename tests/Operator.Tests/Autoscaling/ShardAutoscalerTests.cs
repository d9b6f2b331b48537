using CacheOperator.Operator.Autoscaling;
using CacheOperator.Operator.Settings;

namespace CacheOperator.Operator.Tests.Autoscaling;

public sealed class ShardAutoscalerTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly ShardAutoscaling _bounds = new(1, 4, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10));
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(55);
    private ShardPressure _pressure;
    private long _evictions;

    public ShardAutoscalerTests() => _pressure = new ShardPressure(_now);

    [Fact]
    public void Members_that_are_full_and_evict_for_long_get_one_shard_more()
    {
        Assert.Equal(new ShardDecision(1, ShardScaling.UnderPressure), Run(shards: 1, minutes: 4, usage: 0.9, evictionsAMinute: 100));
        Assert.Equal(new ShardDecision(2, ShardScaling.Out), Run(shards: 1, minutes: 7, usage: 0.9, evictionsAMinute: 100));
    }

    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(0.9, 5)]
    [InlineData(0.5, 1000)]
    public void Neither_full_members_alone_nor_evictions_alone_are_pressure(double usage, int evictionsAMinute) =>
        Assert.Equal(new ShardDecision(2, ShardScaling.Fits), Run(shards: 2, minutes: 120, usage, evictionsAMinute));

    [Fact]
    public void Pressure_that_passes_begins_anew()
    {
        Run(shards: 1, minutes: 14, usage: 0.5, evictionsAMinute: 0);
        Run(shards: 1, minutes: 4, usage: 0.9, evictionsAMinute: 100);
        Run(shards: 1, minutes: 3, usage: 0.9, evictionsAMinute: 0);
        Assert.Equal(new ShardDecision(1, ShardScaling.UnderPressure), Run(shards: 1, minutes: 4, usage: 0.9, evictionsAMinute: 100));
        Assert.Equal(new ShardDecision(2, ShardScaling.Out), Run(shards: 1, minutes: 2, usage: 0.9, evictionsAMinute: 100));
    }

    [Fact]
    public void A_change_is_followed_by_a_cool_down_in_which_the_pressure_is_watched()
    {
        Run(shards: 1, minutes: 60, usage: 0.9, evictionsAMinute: 100);
        Observe(null, shards: 1);
        Assert.Equal(new ShardDecision(2, ShardScaling.UnderPressure), Run(shards: 2, minutes: 9.5, usage: 0.9, evictionsAMinute: 100));
        Assert.Equal(new ShardDecision(3, ShardScaling.Out), Run(shards: 2, minutes: 1, usage: 0.9, evictionsAMinute: 100));
    }

    [Fact]
    public void While_nothing_was_looked_at_nothing_is_known_to_have_lasted()
    {
        Run(shards: 1, minutes: 12, usage: 0.9, evictionsAMinute: 0);
        Run(shards: 1, minutes: 1, usage: 0.9, evictionsAMinute: 100);
        _now += TimeSpan.FromHours(2);
        Assert.Equal(new ShardDecision(1, ShardScaling.UnderPressure), Run(shards: 1, minutes: 9, usage: 0.9, evictionsAMinute: 100));
    }

    [Fact]
    public void At_the_upper_bound_pressure_is_told_and_nothing_else()
    {
        Assert.Equal(new ShardDecision(4, ShardScaling.AtMaximum), Run(shards: 4, minutes: 60, usage: 0.9, evictionsAMinute: 100));
    }

    [Fact]
    public void What_fits_with_ease_into_fewer_members_goes_there_after_long()
    {
        Assert.Equal(new ShardDecision(3, ShardScaling.Fits), Run(shards: 3, minutes: 29, usage: 0.2, evictionsAMinute: 0));
        Assert.Equal(new ShardDecision(2, ShardScaling.In), Run(shards: 3, minutes: 2, usage: 0.2, evictionsAMinute: 0));
    }

    [Theory]
    [InlineData(3, 0.3, 0)]
    [InlineData(3, 0.2, 100)]
    [InlineData(1, 0.01, 0)]
    public void Otherwise_there_are_not_fewer(int shards, double usage, int evictionsAMinute) =>
        Assert.Equal(new ShardDecision(shards, ShardScaling.Fits), Run(shards, minutes: 120, usage, evictionsAMinute));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_a_step_out_there_is_never_a_step_back_for_the_same_items(int shards)
    {
        Assert.Equal(ShardScaling.Out, Run(shards, minutes: 60, ShardPressure.Full, evictionsAMinute: 100).Scaling);
        Observe(null, shards);
        Assert.Equal(ShardScaling.Fits, Run(shards + 1, minutes: 240, ShardPressure.Full * shards / (shards + 1), evictionsAMinute: 0).Scaling);
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(1, 2)]
    public void Changed_bounds_are_followed_at_once(int shards, int within) => Assert.Equal(
        new ShardDecision(within, ShardScaling.IntoBounds), ShardAutoscaler.Decide(_bounds with { MinShards = 2 }, shards, _pressure, _now));

    [Fact]
    public void A_process_that_began_anew_has_evicted_nothing()
    {
        _evictions = 1_000_000;
        Observe(Load(0.9), shards: 1);
        _evictions = 3;
        Observe(Load(0.9), shards: 1);
        Assert.Null(_pressure.FullSince);
    }

    private ShardDecision Run(int shards, double minutes, double usage, int evictionsAMinute)
    {
        for (var end = _now + TimeSpan.FromMinutes(minutes); _now < end; _now += Step)
        {
            // By the minute, as they may well come.
            if ((_now - DateTimeOffset.UnixEpoch).TotalSeconds % 60 < Step.TotalSeconds) _evictions += evictionsAMinute;
            Observe(Load(usage), shards);
        }

        return ShardAutoscaler.Decide(_bounds, shards, _pressure, _now);
    }

    private ShardLoad Load(double usage) => new(usage, Items: 20_000, new Dictionary<string, long> { ["uid"] = _evictions });

    private void Observe(ShardLoad? load, int shards) => _pressure = _pressure.Observe(load, shards, _now);
}
