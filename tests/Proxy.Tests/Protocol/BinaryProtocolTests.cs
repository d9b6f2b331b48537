using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Protocol;

public sealed class BinaryProtocolTests
{
    [Fact]
    public void A_request_is_refused_with_its_own_opcode_and_opaque()
    {
        byte[] request = [0x80, 0x01, 0, 1, 8, 0, 0, 0, 0, 0, 0, 9, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.True(BinaryProtocol.IsRequest(request));
        Assert.Equal(
            [0x81, 0x01, 0, 0, 0, 0, 0, 0x81, 0, 0, 0, 15, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0, 0, 0, 0, 0, .. "Unknown command"u8],
            BinaryProtocol.Refuse(request));
    }

    [Fact]
    public void Text_is_no_binary_request()
    {
        Assert.False(BinaryProtocol.IsRequest("get a\r\n"u8));
        Assert.False(BinaryProtocol.IsRequest([]));
    }
}
