namespace CacheOperator.Proxy.Topology;

internal sealed partial class TopologyLog(ILogger logger)
{
    [LoggerMessage(4000, LogLevel.Information, "Applied topology generation {Generation}: {Members} members, own zone {Zone}")]
    public partial void Applied(long generation, int members, string zone);

    [LoggerMessage(4001, LogLevel.Warning, "Topology file {File} is not usable: {Reason}")]
    public partial void FileFault(string file, string reason);
}
