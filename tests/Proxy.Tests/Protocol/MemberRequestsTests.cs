using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Protocol;

public sealed class MemberRequestsTests
{
    private readonly byte[] _buffer = new byte[512];

    [Fact]
    public void Requests_are_as_short_as_they_can_be()
    {
        Assert.Equal("mg k v f c\r\n", Text(MemberRequests.Get(_buffer, "k"u8)));
        Assert.Equal("mg k c s u\r\n", Text(MemberRequests.Version(_buffer, "k"u8)));
        Assert.Equal("ms k 2 E10\r\nhi\r\n", Text(MemberRequests.Store(_buffer, "k"u8, "hi"u8, 0, 0, 10)));
        Assert.Equal("ms k 0 T-1 F7 E10 ME\r\n\r\n", Text(MemberRequests.Store(_buffer, "k"u8, default, 7, -1, 10, StoreCondition.Absent)));
        Assert.Equal("ms k 1 E10 C9\r\nx\r\n", Text(MemberRequests.Store(_buffer, "k"u8, "x"u8, 0, 0, 10, StoreCondition.Version, 9)));
        Assert.Equal("md k\r\n", Text(MemberRequests.Delete(_buffer, "k"u8)));
        Assert.Equal("md k C9\r\n", Text(MemberRequests.Delete(_buffer, "k"u8, 9)));
    }

    [Fact]
    public void The_longest_request_fits_the_room_reserved_for_it()
    {
        var key = Encoding.ASCII.GetBytes(new string('k', ClientParser.MaxKeyLength));
        var target = new byte[key.Length + MemberRequests.Overhead];

        var length = MemberRequests.Store(target, key, default, uint.MaxValue, long.MinValue, ulong.MaxValue, StoreCondition.Version, ulong.MaxValue);

        Assert.InRange(length, key.Length, target.Length);
    }

    private string Text(int length) => Encoding.ASCII.GetString(_buffer, 0, length);
}
