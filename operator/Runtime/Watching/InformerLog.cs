using CacheOperator.Operator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>What an informer says of itself.</summary>
internal sealed partial class InformerLog(ILogger logger, ResourceKind kind)
{
    public void Synced(string? scope, int count) => Synced(logger, kind, scope ?? "*", count);

    public void NotServed(string? scope, string problem, TimeSpan retry) => NotServed(logger, kind, scope ?? "*", problem, retry);

    public void Unreadable(UnreadableObject item) => Unreadable(logger, kind, item.Key, item.Error);

    public void WatchEnded(string? scope, string end) => WatchEnded(logger, kind, scope ?? "*", end);

    public void Failed(string? scope, TimeSpan retry, Exception error) => Failed(logger, error, kind, scope ?? "*", retry);

    public void HandlerFailed(Exception error) => HandlerFailed(logger, error, kind);

    [LoggerMessage(1000, LogLevel.Information, "{Kind} in {Scope}: {Count} objects listed, watching")]
    private static partial void Synced(ILogger logger, ResourceKind kind, string scope, int count);

    [LoggerMessage(1001, LogLevel.Warning, "{Kind} in {Scope} cannot be had and is taken for empty, next try in {Retry}: {Problem}")]
    private static partial void NotServed(ILogger logger, ResourceKind kind, string scope, string problem, TimeSpan retry);

    [LoggerMessage(1002, LogLevel.Error, "{Kind} {Key} cannot be read and is left out: {Problem}")]
    private static partial void Unreadable(ILogger logger, ResourceKind kind, ObjectKey key, string problem);

    [LoggerMessage(1003, LogLevel.Debug, "{Kind} in {Scope}: watch {End}")]
    private static partial void WatchEnded(ILogger logger, ResourceKind kind, string scope, string end);

    [LoggerMessage(1004, LogLevel.Warning, "{Kind} in {Scope}: list or watch failed, next try in {Retry}")]
    private static partial void Failed(ILogger logger, Exception error, ResourceKind kind, string scope, TimeSpan retry);

    [LoggerMessage(1005, LogLevel.Error, "{Kind}: a subscriber failed on a change")]
    private static partial void HandlerFailed(ILogger logger, Exception error, ResourceKind kind);
}
