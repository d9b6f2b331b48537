namespace CacheOperator.Proxy.Topology;

/// <summary>A document of a cache that this proxy does not serve.</summary>
internal sealed class OtherCacheException : Exception
{
    public OtherCacheException()
    {
    }

    public OtherCacheException(string message)
        : base(message)
    {
    }

    public OtherCacheException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
