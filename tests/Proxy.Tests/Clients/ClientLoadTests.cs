using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Tests.Clients;

public sealed class ClientLoadTests
{
    [Fact]
    public void Who_has_had_more_comes_later()
    {
        var (modest, greedy) = (new ClientLoad(null!), new ClientLoad(null!));
        Assert.Equal(modest.PlaceFrom(0), greedy.PlaceFrom(0));
        greedy.AddWritten(3 * Turns.Quantum);
        modest.AddWritten(1);
        Assert.True(modest.PlaceFrom(0).End < greedy.PlaceFrom(0).End);
    }

    [Fact]
    public void Who_has_waited_for_nothing_for_long_is_level_with_the_others_and_not_ahead()
    {
        var idle = new ClientLoad(null!);
        idle.PlaceFrom(0);
        Assert.Equal(100 * Turns.Quantum, idle.PlaceFrom(100 * Turns.Quantum).Begin);
    }

    [Fact]
    public void Who_asks_for_little_at_a_time_goes_before_those_that_are_level_with_it()
    {
        var (modest, greedy) = (new ClientLoad(null!), new ClientLoad(null!));
        foreach (var size in new[] { 0, 3000 })
        {
            modest.BeginInput();
            greedy.BeginInput();
            modest.AddWritten(size);
            greedy.AddWritten(100 * size);
        }

        modest.BeginInput();
        greedy.BeginInput();
        var level = 1000 * Turns.Quantum;
        Assert.Equal(new TurnPlace(level, level + 3000), modest.PlaceFrom(level));
        Assert.Equal(new TurnPlace(level, level + Turns.Quantum), greedy.PlaceFrom(level));
    }
}
