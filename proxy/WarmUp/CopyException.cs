namespace CacheOperator.Proxy.WarmUp;

/// <summary>Why a copy cannot go on; the message goes to its status and names the member and the way out.</summary>
internal sealed class CopyException : Exception
{
    public CopyException(string message)
        : base(message)
    {
    }

    public CopyException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
