using System.Net;

namespace CacheOperator.Proxy;

internal sealed partial class ServerLog(ILogger logger)
{
    [LoggerMessage(4100, LogLevel.Information, "Proxy {Name} serves clients at {EndPoint}, admin API at {Admin}, metrics and health at {Metrics}")]
    public partial void Started(string name, IPEndPoint endPoint, IPEndPoint admin, IPEndPoint metrics);

    [LoggerMessage(4101, LogLevel.Information, "Shutting down: serving for {Delay} more, then closing within {Timeout}")]
    public partial void Draining(TimeSpan delay, TimeSpan timeout);

    [LoggerMessage(4102, LogLevel.Warning, "Closing {Clients} clients whose requests did not finish in time")]
    public partial void DrainTimedOut(long clients);

    [LoggerMessage(4103, LogLevel.Critical, "Cannot start: {Reason}")]
    public partial void CannotStart(string reason);

    [LoggerMessage(4104, LogLevel.Warning, "Room for {Room} clients only, not for the {Wanted} of --max-clients: raise the limit of open files (ulimit -n) to {Needed}")]
    public partial void TooFewDescriptors(long room, int wanted, int needed);
}
