using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Tests.Workers;

public sealed class FairQueueTests
{
    private readonly FairQueue<string> _queue = new();

    [Fact]
    public void Whoever_will_have_had_least_is_next()
    {
        _queue.Add("much", new TurnPlace(0, 64));
        _queue.Add("late", new TurnPlace(50, 53));
        _queue.Add("little", new TurnPlace(10, 13));
        Assert.Equal(["little", "late", "much"], TakeAll());
    }

    [Fact]
    public void Of_those_that_are_level_the_first_to_come_is_next()
    {
        foreach (var name in new[] { "a", "b", "c" }) _queue.Add(name, new TurnPlace(5, 9));
        Assert.Equal(["a", "b", "c"], TakeAll());
    }

    [Fact]
    public void Now_never_goes_back()
    {
        _queue.Add("late", new TurnPlace(50, 53));
        _queue.Add("early", new TurnPlace(0, 64));
        TakeAll();
        Assert.Equal(50, _queue.Now);
    }

    [Fact]
    public void Newcomers_without_end_and_those_that_are_known_do_not_keep_each_other_waiting()
    {
        for (var i = 0; i < 100; i++)
        {
            _queue.Add("known", new TurnPlace(0, 64));
            _queue.AddNewcomer("new");
        }

        var taken = TakeAll();
        Assert.Equal(100 / FairQueue<string>.NewcomersTurn, taken.Take(100).Count(name => name == "new"));
        Assert.Equal(200, taken.Count);
    }

    [Fact]
    public void Newcomers_go_on_at_once_where_nobody_else_waits()
    {
        _queue.AddNewcomer("first");
        _queue.AddNewcomer("second");
        Assert.Equal(["first", "second"], TakeAll());
        Assert.Equal(0, _queue.Now);
    }

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_queue.TryTake(out var name)) taken.Add(name);
        Assert.Equal(0, _queue.Count);
        return taken;
    }
}
