using System.Net;

namespace CacheOperator.Proxy.Workers;

/// <summary>What the data path has to say: changes, never requests.</summary>
internal sealed partial class WorkerLog(ILogger logger)
{
    [LoggerMessage(3000, LogLevel.Information, "Connected to member {Member} at {EndPoint}, process {Incarnation}, as expected by the topology: {Expected}")]
    public partial void MemberUp(string member, IPEndPoint endPoint, string incarnation, bool expected);

    [LoggerMessage(3001, LogLevel.Warning, "Lost member {Member} at {EndPoint}: {Reason}")]
    public partial void MemberDown(string member, IPEndPoint endPoint, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "Cannot accept connections for a moment: {Reason}")]
    public partial void AcceptFailed(string reason);

    [LoggerMessage(3003, LogLevel.Error, "Closed a client connection after an internal fault")]
    public partial void ClientFault(Exception exception);

    [LoggerMessage(3004, LogLevel.Error, "An event loop caught a fault")]
    public partial void LoopFault(Exception exception);

    [LoggerMessage(3005, LogLevel.Information, "Member {Member} has a limit of {Mebibytes} MiB from now on")]
    public partial void MemoryRaised(string member, long mebibytes);

    [LoggerMessage(3006, LogLevel.Warning, "Member {Member} refuses a limit of {Mebibytes} MiB: {Reason}")]
    public partial void MemoryRefused(string member, long mebibytes, string reason);
}
