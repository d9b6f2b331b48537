using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class ItemLineTests
{
    [Fact]
    public void A_value_line_gives_all_there_is_to_copy()
    {
        Assert.True(ItemLine.TryParse("VA 12 f4294967295 t77 c9000000000000000001 kYWI= b"u8, out var line));
        Assert.Equal((12, uint.MaxValue, 77, 9000000000000000001UL), (line.ValueLength, line.ClientFlags, line.TimeToLive, line.Version));
        Assert.Equal("YWI=", Encoding.ASCII.GetString(line.Key));
        Assert.True(line.KeyIsBase64);
        Assert.False(line.Stale);
        Assert.Equal(1077, line.ExpiryAt(1000));
    }

    [Theory]
    [InlineData("EN")]
    [InlineData("EN kabc")]
    public void A_miss_has_no_version(string text)
    {
        Assert.True(ItemLine.TryParse(Encoding.ASCII.GetBytes(text), out var line));
        Assert.Equal((0UL, -1), (line.Version, line.ValueLength));
    }

    [Fact]
    public void An_item_without_expiry_never_expires()
    {
        Assert.True(ItemLine.TryParse("HD t-1 c5"u8, out var line));
        Assert.Equal((0, 5UL, -1), (line.ExpiryAt(1000), line.Version, line.ValueLength));
    }

    [Theory]
    [InlineData("HD t5 c5 X W", true)]
    [InlineData("HD t5 c5 W X", true)]
    [InlineData("HD t5 c5 Z X", false)]
    [InlineData("HD t5 c5 Z", false)]
    public void An_item_to_be_refetched_is_told_apart(string text, bool won)
    {
        Assert.True(ItemLine.TryParse(Encoding.ASCII.GetBytes(text), out var line));
        Assert.True(line.Stale);
        Assert.Equal(won, line.WonToken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SERVER_ERROR out of memory")]
    [InlineData("VA x f0")]
    [InlineData("HD cnone")]
    [InlineData("HDt5")]
    public void What_is_no_item_is_refused(string text) => Assert.False(ItemLine.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
