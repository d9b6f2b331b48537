using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Tests.Net;

public sealed class BufferPoolTests
{
    [Theory]
    [InlineData(1, 512)]
    [InlineData(512, 512)]
    [InlineData(513, 1024)]
    [InlineData(1 << 20, 1 << 20)]
    public void A_buffer_is_the_next_power_of_two(int size, int expected) => Assert.Equal(expected, new BufferPool().Rent(size).Length);

    [Fact]
    public void A_returned_buffer_is_used_again()
    {
        var pool = new BufferPool();
        var buffer = pool.Rent(1000);
        pool.Return(buffer);
        Assert.Same(buffer, pool.Rent(600));
    }

    [Fact]
    public void A_large_buffer_is_not_much_larger_than_wanted_and_is_used_again()
    {
        var pool = new BufferPool();
        var buffer = pool.Rent((3 << 20) + 1);
        Assert.True(buffer.Length < (3 << 20) + (128 << 10));
        pool.Return(buffer);

        Assert.NotSame(buffer, pool.Rent(1 << 20));
        Assert.Same(buffer, pool.Rent(3 << 20));
    }

    [Fact]
    public void Free_buffers_are_given_up_where_others_need_their_room()
    {
        var pool = new BufferPool(limit: 8 << 20);
        pool.Return(pool.Rent(1 << 20));
        Assert.Equal(1 << 20, pool.Free);

        pool.Rent(15 << 19);

        Assert.Equal(0, pool.Free);
    }

    [Fact]
    public void A_shared_buffer_is_returned_by_its_last_holder()
    {
        var pool = new BufferPool();
        var slice = SharedSlice.Copy(pool, "value"u8);
        slice.Retain().Release();
        Assert.Equal("value"u8, slice.Span);
        Assert.True(pool.Rented > 0);

        slice.Release();

        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void Very_large_buffers_are_possible()
    {
        var pool = new BufferPool();
        var buffer = pool.Rent(70 << 20);
        Assert.True(buffer.Length >= 70 << 20);
        pool.Return(buffer);
        Assert.Equal(0, pool.Rented);
    }
}
