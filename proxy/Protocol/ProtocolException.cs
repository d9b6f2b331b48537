namespace CacheOperator.Proxy.Protocol;

/// <summary>A peer does not keep to the protocol; its connection cannot be used any more.</summary>
internal sealed class ProtocolException : Exception
{
    public ProtocolException()
    {
    }

    public ProtocolException(string message)
        : base(message)
    {
    }

    public ProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
