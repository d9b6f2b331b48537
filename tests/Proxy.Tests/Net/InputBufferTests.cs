using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Tests.Net;

public sealed class InputBufferTests : IDisposable
{
    private const int Large = 500_000;

    private readonly EventLoop _loop = new(TimeProvider.System, e => throw e);
    private InputBuffer _input;

    public InputBufferTests() => _input = new InputBuffer(_loop, FlushOrder.Clients);

    public void Dispose()
    {
        _input.Clear();
        _loop.Dispose();
    }

    [Fact]
    public void What_is_left_of_a_small_piece_comes_before_what_arrives_next()
    {
        var data = Receive("set k"u8);
        _input.Hold(data[1..], withRoom: true);

        Assert.Equal("et k 0 0"u8, Receive(" 0 0"u8));
        Assert.False(_input.IsInPlace);
    }

    [Fact]
    public void The_rest_of_a_large_piece_is_received_in_place_and_shown_when_all_of_it_has_come()
    {
        var data = Receive("abc"u8);
        _input.Needed = Large;
        Assert.Equal(Large, _input.LargeRoomFor(data));
        _input.Hold(data, withRoom: true);

        Assert.Equal((true, 0), (_input.IsInPlace, _input.MissingRoom));
        Assert.True(Receive(new byte[Large - 4]).IsEmpty);
        var whole = Receive([(byte)'z']);

        Assert.Equal((Large, (byte)'a', (byte)'z', 0), (whole.Length, whole[0], whole[^1], _input.Needed));
        var kept = _input.Keep(whole[..10]);
        Assert.True(kept.Span.Overlaps(whole));
        kept.Release();
    }

    [Fact]
    public void Without_room_for_a_large_piece_what_has_come_of_it_is_held_and_the_room_is_missing()
    {
        var data = Receive("abc"u8);
        _input.Needed = Large;
        _input.Hold(data, withRoom: false);
        Assert.Equal(Large, _input.MissingRoom);

        _input.Grow(Large);

        Assert.Equal(0, _input.MissingRoom);
        Assert.Equal("abc"u8, _input.Bytes);
        Assert.True(_input.Room().Length >= Large - 3);
    }

    [Fact]
    public void A_part_is_found_where_it_lies_and_nothing_else_is()
    {
        var data = Receive("set k 0 0 1"u8);
        var key = _input.Locate(data.Slice(4, 1));

        Assert.Equal((_loop.ReceiveBuffer, 4, 1), (key.Array, key.Offset, key.Count));
        Assert.Throws<ArgumentException>(() => _input.Locate(new byte[1]));
    }

    private ReadOnlySpan<byte> Receive(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_input.Room());
        return _input.Add(bytes.Length);
    }
}
