using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>What the copies have to say: how they begin and how they end.</summary>
internal sealed partial class CopyLog(ILogger logger)
{
    [LoggerMessage(5000, LogLevel.Information, "Copy {Id} begins: {Source} to {Target}")]
    public partial void Begins(string id, string source, string target);

    [LoggerMessage(5001, LogLevel.Information, "Copy {Id} succeeded: {Status}")]
    public partial void Succeeded(string id, CopyStatus status);

    [LoggerMessage(5002, LogLevel.Warning, "Copy {Id} failed: {Error}")]
    public partial void Failed(string id, string error, Exception? exception);

    [LoggerMessage(5003, LogLevel.Information, "Copy {Id} is no longer assigned and was stopped")]
    public partial void Stopped(string id);

    [LoggerMessage(5004, LogLevel.Information, "Purge {Id}: {Member} loses the keys that other shards own")]
    public partial void Purges(string id, string member);
}
