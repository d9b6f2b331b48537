using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class KeysUnderWayTests
{
    private readonly KeyBand _band = new(1 << 20);
    private readonly HotLane _lane;
    private readonly KeysUnderWay _keys;

    public KeysUnderWayTests()
    {
        _lane = new HotLane(_band, () => 1);
        _lane.Begin(10_000, hotShare: 1);
        _keys = new KeysUnderWay(_lane);
    }

    [Fact]
    public void Answers_are_those_to_what_was_asked_for_in_the_same_order_through_every_band()
    {
        for (var i = 0; i < 10_000; i++)
            _lane.Add(new DumpEntry(Encoding.ASCII.GetBytes($"key:{i}"), 0, 1, 1, 100));
        _lane.AddRest();
        _lane.Complete();
        var (asked, answered, bands) = (new List<string>(), new List<string>(), 0);
        while (_keys.HasNext || _keys.Wait(TestContext.Current.CancellationToken))
        {
            bands++;
            while (_keys.HasNext)
            {
                asked.Add(Encoding.ASCII.GetString(_keys.Next.Text));
                _keys.Ask();
                if (asked.Count % 3 != 0) // Answers lag behind, from one band to the next.
                    Answer(answered);
            }
        }

        Assert.Equal((asked.Count - answered.Count, (asked.Count - answered.Count) * 100L), (_keys.Count, _keys.Bytes));
        while (_keys.Count > 0)
            Answer(answered);

        Assert.InRange(bands, 2, 100);
        Assert.Equal(10_000, asked.Distinct().Count());
        Assert.Equal(asked, answered);
        Assert.Equal((10_000L, 10_000L, 0L), (_keys.Asked, _keys.Answered, _keys.Bytes));
    }

    [Fact]
    public void A_band_that_was_given_back_may_be_filled_again_and_is_none_of_what_was_asked_for()
    {
        for (var i = 0; !_keys.TryGoOn(); i++)
            _lane.Add(new DumpEntry(Encoding.ASCII.GetBytes($"first:{i}"), 0, 1, 1, 100));
        while (_keys.HasNext)
            _keys.Ask();
        while (_keys.Count > 0)
            Answer([]);

        for (var i = 0; i < 100_000; i++)
            _lane.Add(new DumpEntry(Encoding.ASCII.GetBytes($"second:{i}"), 0, 1, 1, 100)); // Into every band that there is.
        Assert.False(_keys.HasNext);
        Assert.True(_keys.TryGoOn());
        Assert.StartsWith("second:", Encoding.ASCII.GetString(_keys.Next.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_band_has_come_yet_there_is_nothing_to_ask_for()
    {
        Assert.False(_keys.TryGoOn());
        _lane.Add(new DumpEntry("key"u8, 0, 1, 1, 100));
        _lane.AddRest();
        Assert.True(_keys.TryGoOn());
        _keys.Ask();
        Assert.False(_keys.TryGoOn());
        _lane.Complete();
        Assert.False(_keys.Wait(TestContext.Current.CancellationToken));
    }

    private void Answer(List<string> answered)
    {
        answered.Add(Encoding.ASCII.GetString(_keys.Answering.Text));
        _keys.Answer();
    }
}
