using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Tests.Replication;

public sealed class StoredValueTests
{
    private readonly BufferPool _pool = new(long.MaxValue);

    [Fact]
    public void An_empty_value_is_a_value_until_it_is_released()
    {
        var value = new StoredValue(_pool);
        Assert.False(value.Exists);

        value.Keep(source: null, default);
        Assert.Equal((true, 0, false), (value.Exists, value.Length, value.IsShared));

        value.Release();
        Assert.False(value.Exists);
        Assert.Equal(0, _pool.Rented);
    }

    [Fact]
    public void It_can_be_kept_again_from_itself()
    {
        var value = new StoredValue(_pool);
        value.Keep(source: null, "hello"u8);

        value.Keep(source: null, value.Span[1..]);

        Assert.Equal("ello"u8, value.Span);
        value.Release();
        Assert.Equal(0, _pool.Rented);
    }

    [Fact]
    public void A_large_value_lives_for_as_long_as_somebody_sends_it()
    {
        var value = new StoredValue(_pool);
        var bytes = Enumerable.Repeat((byte)'x', SharedBuffer.Worthwhile).ToArray();
        value.Keep(source: null, bytes);
        Assert.True(value.IsShared);

        var sent = value.Share();
        value.Release();

        Assert.Equal(bytes, sent.Span);
        sent.Release();
        Assert.Equal(0, _pool.Rented);
    }
}
