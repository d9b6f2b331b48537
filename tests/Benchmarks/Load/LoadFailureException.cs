namespace CacheOperator.Benchmarks.Load;

/// <summary>What was measured did not do its work: a wrong reply, none, or a closed connection. Nothing that it took to do so counts.</summary>
internal sealed class LoadFailureException : Exception
{
    public LoadFailureException()
    {
    }

    public LoadFailureException(string message)
        : base(message)
    {
    }

    public LoadFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
