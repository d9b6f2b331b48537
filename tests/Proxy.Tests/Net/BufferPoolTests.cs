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
    public void Very_large_buffers_are_possible()
    {
        var pool = new BufferPool();
        var buffer = pool.Rent(70 << 20);
        Assert.True(buffer.Length >= 70 << 20);
        pool.Return(buffer);
        Assert.Equal(0, pool.Rented);
    }
}
