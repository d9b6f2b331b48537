using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class ListingScopeTests
{
    private const long Horizon = 1000;

    private readonly KeyBand _band = new(1 << 20);

    [Fact]
    public void Only_the_wanted_keys_take_part() => Assert.Equal((1, 1), (Pass("key7"u8), Pass("key8"u8)));

    [Fact]
    public void The_reserved_key_does_not() => Assert.Equal(0, Pass(ReservedKey.Bytes));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Horizon, 1)]
    [InlineData(Horizon - 1, 0)]
    public void What_is_about_to_expire_does_not(long expiry, int expected)
    {
        new ListingScope(static _ => true, Horizon, _band).Add(new DumpEntry("key"u8, expiry, 1, 1, 1));
        Assert.Equal(expected, _band.Count);
    }

    private int Pass(ReadOnlySpan<byte> key)
    {
        new ListingScope(static key => !key.EndsWith("8"u8), 0, _band).Add(new DumpEntry(key, 0, 1, 1, 1));
        return _band.Count;
    }
}
