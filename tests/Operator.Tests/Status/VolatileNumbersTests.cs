using CacheOperator.Operator.Api;
using CacheOperator.Operator.Status;

namespace CacheOperator.Operator.Tests.Status;

public sealed class VolatileNumbersTests
{
    [Theory]
    [InlineData(1000, 1090, false)]
    [InlineData(1000, 1200, true)]
    [InlineData(0, 1, true)]
    [InlineData(1000, 0, true)]
    public void Numbers_are_written_when_they_changed_by_more_than_a_tenth(int before, int now, bool written)
    {
        var settled = VolatileNumbers.Settle([Zone(before)], [Zone(now)], due: true);
        Assert.Equal(written ? now : before, settled[0].Items);
        Assert.Equal(written, VolatileNumbers.AreOutdated([Zone(before)], [Zone(now)]));
    }

    [Fact]
    public void Before_they_are_due_numbers_stay_and_everything_else_moves()
    {
        var settled = VolatileNumbers.Settle([Zone(1)], [Zone(1000) with { Warming = 1 }], due: false);
        Assert.Equal((1L, 1), (settled[0].Items!.Value, settled[0].Warming));
    }

    [Fact]
    public void First_numbers_are_taken_at_once() =>
        Assert.Equal(5, VolatileNumbers.Settle([Zone(0) with { Items = null }], [Zone(5)], due: false)[0].Items);

    [Fact]
    public void A_new_zone_comes_with_its_numbers() => Assert.Equal(5, VolatileNumbers.Settle([], [Zone(5)], due: false)[0].Items);

    [Fact]
    public void The_hit_ratio_moves_in_steps_of_five()
    {
        Assert.Equal(90, VolatileNumbers.Settle([Zone(1) with { HitRatio = 90 }], [Zone(1) with { HitRatio = 94 }], due: true)[0].HitRatio);
        Assert.Equal(95, VolatileNumbers.Settle([Zone(1) with { HitRatio = 90 }], [Zone(1) with { HitRatio = 95 }], due: true)[0].HitRatio);
    }

    private static ZoneStatus Zone(long items) => new() { Name = "a", Items = items, Bytes = 0 };
}
