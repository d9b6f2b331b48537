using System.Text;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Workers;

/// <summary>The whole proxy in numbers: the sums of its workers.</summary>
internal sealed record ServerStatistics
{
    /// <summary>The memcached whose protocol the proxy speaks. Clients switch features on by it, and some take nothing but numbers and points.</summary>
    public const string ProtocolVersion = "1.6.45";

    /// <summary>This program's version.</summary>
    public static readonly string Version = typeof(ServerStatistics).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static readonly byte[] VersionReply = Encoding.ASCII.GetBytes($"VERSION {ProtocolVersion}\r\n");

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required int Loops { get; init; }

    public required WorkerMetrics Total { get; init; }

    /// <summary>Bytes held for clients.</summary>
    public required long HeldBytes { get; init; }

    /// <summary>Bytes of buffers that are kept to be used again.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Keys that clients have asked for and not been answered.</summary>
    public required long RequestsUnderWay { get; init; }

    /// <summary>Connections to members that clients wait for, because those do not keep up.</summary>
    public required long CongestedMembers { get; init; }

    /// <summary>One copy of the key space, the own zone's if that is known: its members' sums.</summary>
    public required MemberStatistics Copy { get; init; }
}
