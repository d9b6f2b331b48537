namespace CacheOperator.Proxy.Reconciliation;

/// <summary>What comes of comparing members.</summary>
internal sealed partial class ReconciliationLog(ILogger logger)
{
    [LoggerMessage(5100, LogLevel.Information, "{Left} and {Right} held {Keys} keys differently; the newer items stay")]
    public partial void Differed(string left, string right, int keys);

    [LoggerMessage(5101, LogLevel.Information, "Comparing {Left} and {Right} broke off and is left to the next time: {Reason}")]
    public partial void Interrupted(string left, string right, string reason);

    [LoggerMessage(5102, LogLevel.Error, "Comparing members failed; it goes on the next time")]
    public partial void Fault(Exception exception);
}
