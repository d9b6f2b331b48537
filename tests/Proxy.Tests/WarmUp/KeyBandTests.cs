using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class KeyBandTests
{
    private const int Keys = 5000;

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(Keys)]
    public void Bands_take_every_key_once_the_hottest_first_in_bounded_memory(int secondsOfAccess)
    {
        var seen = new List<string>();
        var hottestLeft = long.MaxValue;
        var band = new KeyBand(32 * 1024);
        do
        {
            Fill(band, secondsOfAccess);
            Assert.InRange(band.Count, 1, 1200);
            foreach (var key in Read(band))
            {
                seen.Add(key);
                var access = AccessOf(int.Parse(key), secondsOfAccess);
                Assert.True(access <= hottestLeft, "a colder key went before a hotter one");
                hottestLeft = access;
            }
        }
        while (band.TryMoveOn());

        Assert.Equal(Keys, seen.Count);
        Assert.Equal(Keys, seen.Distinct().Count());
    }

    [Fact]
    public void Keys_that_cannot_be_named_are_counted()
    {
        var band = new KeyBand(1 << 20);
        band.Add(new DumpEntry(new byte[250], 0, 1, 1, 1));
        Assert.Equal((0, 1), (band.Count, band.Unnameable));
    }

    [Fact]
    public void A_batch_ends_at_its_number_of_items_or_bytes_and_a_large_item_travels_alone()
    {
        var band = new KeyBand(1 << 20);
        foreach (var (size, index) in new[] { 10, 10, 10, 10, 500, 60, 60 }.Select((size, index) => (size, index)))
            band.Add(new DumpEntry(Encoding.ASCII.GetBytes($"k{index}"), 0, 100 - index, 1, size));

        Assert.Equal([0..3, 3..4, 4..5, 5..6, 6..7], band.Batches(3, 100));
    }

    private static long AccessOf(int key, int seconds) => 1_700_000_000 + (key * 7919L % seconds);

    private static KeyBand Fill(KeyBand band, int seconds)
    {
        for (var i = 0; i < Keys; i++)
            band.Add(new DumpEntry(Encoding.ASCII.GetBytes(i.ToString()), 0, AccessOf(i, seconds), (ulong)i, 100));
        return band;
    }

    private static IEnumerable<string> Read(KeyBand band)
    {
        var batch = new CopyBatch();
        foreach (var run in band.Batches(100, long.MaxValue))
        {
            band.CopyTo(batch, run, CopyItemState.Listed);
            foreach (var item in batch.Items.ToArray())
                yield return Encoding.ASCII.GetString(batch.KeyOf(item));
        }
    }
}
