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
        Assert.True(modest.PlaceFrom(0) < greedy.PlaceFrom(0));
    }

    [Fact]
    public void Who_has_waited_for_nothing_for_long_is_level_with_the_others_and_not_ahead()
    {
        var idle = new ClientLoad(null!);
        idle.PlaceFrom(0);
        Assert.Equal(100 * Turns.Quantum, idle.PlaceFrom(100 * Turns.Quantum));
    }

    [Fact]
    public void Newcomers_without_end_do_not_keep_a_client_waiting_for_ever()
    {
        var client = new ClientLoad(null!);
        client.PlaceFrom(0);
        client.AddWritten(5 * Turns.Quantum);
        var place = client.PlaceFrom(0);

        var now = 0L;
        var turns = 0;
        for (; now <= place && turns < 100; turns++) now = new ClientLoad(null!).PlaceFrom(now);

        Assert.InRange(turns, 2, 10);
    }
}
