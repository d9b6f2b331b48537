using System.Buffers.Binary;

namespace CacheOperator.Proxy.Protocol;

/// <summary>
/// memcached's binary protocol, which memcached itself has deprecated: a request is recognised, and refused in the
/// client's own language.
/// </summary>
internal static class BinaryProtocol
{
    /// <summary>Length of the header of requests and responses.</summary>
    public const int HeaderLength = 24;

    private const byte RequestMagic = 0x80;
    private const byte ResponseMagic = 0x81;
    private const ushort UnknownCommand = 0x81;

    /// <summary>Whether a connection that begins so speaks the binary protocol.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> input) => input is [RequestMagic, ..];

    /// <summary>The response "Unknown command" to a request.</summary>
    /// <param name="header">The request's header.</param>
    public static byte[] Refuse(ReadOnlySpan<byte> header)
    {
        var text = "Unknown command"u8;
        var response = new byte[HeaderLength + text.Length];
        response[0] = ResponseMagic;
        response[1] = header[1];
        BinaryPrimitives.WriteUInt16BigEndian(response.AsSpan(6), UnknownCommand);
        BinaryPrimitives.WriteInt32BigEndian(response.AsSpan(8), text.Length);
        header.Slice(12, 4).CopyTo(response.AsSpan(12));
        text.CopyTo(response.AsSpan(HeaderLength));
        return response;
    }
}
