namespace CacheOperator.Proxy.Topology;

internal sealed partial class TopologyLog(ILogger logger)
{
    [LoggerMessage(4000, LogLevel.Information, "Applied topology generation {Generation}: {Members} members, own zone {Zone}")]
    public partial void Applied(long generation, int members, string zone);

    [LoggerMessage(4001, LogLevel.Warning, "Topology file {File} is not usable: {Reason}")]
    public partial void FileFault(string file, string reason);

    [LoggerMessage(4002, LogLevel.Error, "Serving no clients: the topology, generation {Generation}, is outdated; other proxies act by generation {Newest}")]
    public partial void Outdated(long generation, long newest);

    [LoggerMessage(4003, LogLevel.Information, "Serving clients again, with topology generation {Generation}")]
    public partial void Current(long generation);

    [LoggerMessage(4004, LogLevel.Error, "Could not see to an outdated topology; it is tried again")]
    public partial void FenceFault(Exception exception);
}
