using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class StoreLotsTests
{
    private readonly CopyDigest _digest = new(seed: 12345);
    private readonly StoreLots _lots;

    public StoreLotsTests() => _lots = new StoreLots(_digest);

    [Fact]
    public void What_is_not_named_by_the_end_of_its_lot_was_stored()
    {
        AddLot("a", "b", "c");
        _lots.IsPresent(1);
        Assert.True(_lots.TryEnd());

        Assert.Equal((2, 20), _lots.TakeStored());
        AssertHolds("a", "c");
    }

    [Fact]
    public void Of_a_lot_with_a_refusal_nothing_is_taken_for_granted()
    {
        AddLot("a", "b", "c", "d");
        AddLot("e");
        _lots.IsPresent(0);
        _lots.IsRefused();
        Assert.True(_lots.TryEnd());
        Assert.Equal((2, 20), _lots.TakeStored());
        AssertHolds();

        Assert.True(_lots.TryEnd());
        Assert.Equal((1, 10), _lots.TakeStored());
        AssertHolds("e");
    }

    [Fact]
    public void An_open_lot_is_under_way_and_does_not_end()
    {
        Assert.Equal([0, 1], [Add("a"), Add("b")]);
        Assert.Equal((2, 2), (_lots.UnderWay, _lots.Open));
        Assert.False(_lots.TryEnd());

        _lots.Close();
        Assert.Equal((2, 0), (_lots.UnderWay, _lots.Open));
        Assert.True(_lots.TryEnd());
        Assert.Equal(0, _lots.UnderWay);
    }

    private int Add(string key) => _lots.Add(Mark(key), 10);

    private void AddLot(params string[] keys)
    {
        foreach (var key in keys) Add(key);
        _lots.Close();
    }

    private DigestMark Mark(string key) => _digest.MarkOf(System.Text.Encoding.ASCII.GetBytes(key), 7, 0);

    private void AssertHolds(params string[] keys)
    {
        foreach (var key in keys) _digest.Remove(Mark(key));
        Assert.True(_digest.IsClean);
    }
}
