namespace CacheOperator.Proxy.Hints;

/// <summary>What becomes of missed writes.</summary>
internal sealed partial class HintLog(ILogger logger)
{
    [LoggerMessage(3100, LogLevel.Information, "Member {Member} missed writes of {Hints} keys; they are made up for once it is reached, no reads from it until then")]
    public partial void Begins(string member, int hints);

    [LoggerMessage(3101, LogLevel.Information, "Member {Member} has every write again; reads from it resume")]
    public partial void Settled(string member);

    [LoggerMessage(3102, LogLevel.Warning, "Member {Member} missed {Writes} writes for good; no reads from it until it is filled anew")]
    public partial void GivenUp(string member, long writes);

    [LoggerMessage(3105, LogLevel.Information, "Member {Member} lacks only writes that were not acknowledged; they are forgotten")]
    public partial void Forgotten(string member);

    [LoggerMessage(3103, LogLevel.Information, "Making up for the writes that {Member} missed was interrupted and is tried again: {Reason}")]
    public partial void Interrupted(string member, string reason);

    [LoggerMessage(3104, LogLevel.Error, "Making up for missed writes met a fault")]
    public partial void Fault(Exception exception);
}
