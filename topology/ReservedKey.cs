namespace CacheOperator.Topology;

/// <summary>
/// The one key of every member that belongs to the proxies and not to clients: there they show each other which generation of the topology is in
/// force. It begins with a zero byte, so that only base64 can name it.
/// </summary>
public static class ReservedKey
{
    public const string Text = "\0cacheoperator.dev/topology";

    public static ReadOnlySpan<byte> Bytes => "\0cacheoperator.dev/topology"u8;

    /// <summary>As it stands in a meta command.</summary>
    public static ReadOnlySpan<byte> Base64 => "AGNhY2hlb3BlcmF0b3IuZGV2L3RvcG9sb2d5"u8;
}
