using CacheOperator.Topology;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Proxy.WarmUp;

internal static partial class CopyLog
{
    [LoggerMessage(5000, LogLevel.Information, "Copy {Id} begins: {Source} to {Target}, discard {Discard}")]
    public static partial void CopyBegins(this ILogger logger, string id, string source, string target, bool discard);

    [LoggerMessage(5001, LogLevel.Information, "Copy {Id} succeeded: {Status}")]
    public static partial void CopySucceeded(this ILogger logger, string id, CopyStatus status);

    [LoggerMessage(5002, LogLevel.Warning, "Copy {Id} failed: {Error}")]
    public static partial void CopyFailed(this ILogger logger, string id, string error, Exception? exception);

    [LoggerMessage(5003, LogLevel.Information, "Copy {Id} is no longer assigned and was stopped")]
    public static partial void CopyStopped(this ILogger logger, string id);
}
