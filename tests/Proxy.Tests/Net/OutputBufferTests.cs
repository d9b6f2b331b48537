using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Tests.Net;

public sealed class OutputBufferTests
{
    private readonly BufferPool _pool = new();

    [Fact]
    public void What_is_written_comes_out_in_order_whatever_the_sizes()
    {
        var random = new Random(7);
        var output = new OutputBuffer(_pool);
        byte written = 0, read = 0;
        for (var round = 0; round < 300; round++)
        {
            var size = random.Next(5) == 0 ? random.Next(300_000) : random.Next(500);
            if (random.Next(3) == 0)
            {
                var shared = _pool.RentShared(size + 10);
                foreach (ref var b in shared.Array.AsSpan(10, size)) b = written++;
                output.Write(new SharedSlice(shared, 10, size));
            }
            else
            {
                var span = output.GetSpan(size)[..size];
                foreach (ref var b in span) b = written++;
                output.Advance(size);
            }

            while (output.Length > 0 && random.Next(3) > 0)
            {
                var head = Pieces(output);
                Assert.NotEmpty(head);
                var take = random.Next(head.Length) + 1;
                foreach (var b in head[..take]) Assert.Equal(read++, b);
                output.Consume(take);
            }
        }

        output.Clear();
        Assert.Equal(0, output.Length);
        Assert.Equal(0, _pool.Rented);
    }

    [Fact]
    public void What_is_left_of_a_segment_keeps_all_of_it()
    {
        var output = new OutputBuffer(_pool);
        Assert.Equal(0, output.Size);
        output.Write("line"u8);
        output.Write(new SharedSlice(_pool.RentShared(100_000), 0, 100_000));
        output.Write("end"u8);
        output.Consume(100_000);

        Assert.Equal(7, output.Length);
        Assert.Equal(_pool.Rented, output.Size);
        output.Clear();
        Assert.Equal(0, output.Size);
    }

    [Fact]
    public void What_was_kept_aside_moves_to_another_output_in_order()
    {
        var (aside, output) = (new OutputBuffer(_pool, 512), new OutputBuffer(_pool));
        output.Write("a"u8);
        aside.Write("b"u8);
        aside.Write(SharedSlice.Copy(_pool, "c"u8));
        aside.Write(new byte[300_000]);
        aside.Write("d"u8);
        aside.Consume(1);

        aside.MoveTo(output);

        Assert.Equal(0, aside.Length);
        Assert.Equal([.. "ac"u8, .. new byte[300_000], .. "d"u8], Pieces(output));
        output.Clear();
        Assert.Equal(0, _pool.Rented);
    }

    // What one system call would be given.
    private static byte[] Pieces(OutputBuffer output)
    {
        if (!output.IsChain) return output.Head.ToArray();
        var pieces = new List<ArraySegment<byte>>();
        output.Gather(pieces, 8);
        return [.. pieces.SelectMany(p => p)];
    }

    [Fact]
    public void Nothing_is_rented_while_there_is_nothing_to_send()
    {
        var output = new OutputBuffer(_pool);
        output.Write("hello"u8);
        Assert.True(_pool.Rented > 0);

        output.Consume(5);

        Assert.Equal(0, _pool.Rented);
    }

    [Fact]
    public void A_busy_peer_is_served_by_one_segment()
    {
        var output = new OutputBuffer(_pool);
        for (var i = 0; i < 1000; i++) output.Write(new byte[100]);
        Assert.Equal(100_000, output.Head.Length);
    }
}
