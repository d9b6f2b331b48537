using System.Net;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Configuration;

/// <summary>Everything that can be set from outside, checked.</summary>
internal sealed record ProxySettings
{
    private const long DefaultMemory = 80 << 20;

    private readonly long? _maxMemory;

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, AdminApi.ClientPort);

    public IPEndPoint AdminListen { get; init; } = new(IPAddress.Loopback, AdminApi.AdminPort);

    public IPEndPoint MetricsListen { get; init; } = new(IPAddress.Loopback, AdminApi.MetricsPort);

    /// <summary>Read at start and whenever it changes; null to wait for the admin API.</summary>
    public string? TopologyFile { get; init; }

    /// <summary>Holds the token of the admin API; null refuses every request.</summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>Under which the topology lists this proxy.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>The Kubernetes node, by which the topology knows the zone.</summary>
    public string? Node { get; init; }

    /// <summary>The zone read first, whatever the node says.</summary>
    public string? Zone { get; init; }

    /// <summary>Event loops, each with a thread and connections of its own.</summary>
    public int Loops { get; init; } = 1;

    /// <summary>Milliseconds without any answer after which a member counts as lost.</summary>
    public int MemberTimeout { get; init; } = 500;

    /// <summary>Milliseconds of silence after which reads also ask the next zone; four times as many while the member answers others.</summary>
    public int HedgeDelay { get; init; } = 50;

    /// <summary>Largest value taken from a client, in bytes.</summary>
    public int MaxItemSize { get; init; } = 1 << 20;

    /// <summary>Unsent bytes per member connection above which the member takes no more.</summary>
    public long MaxMemberBacklog { get; init; } = 64 << 20;

    /// <summary>Bytes of a client that are under way, or that it does not take, above which nothing more is read from it.</summary>
    public long MaxClientBacklog { get; init; } = 1 << 20;

    /// <summary>Requests of a client that are under way at a time.</summary>
    public int MaxRequestsPerClient { get; init; } = 1024;

    /// <summary>Bytes held for clients: what they sent and what is on its way to them and to members. Spread over the event loops.</summary>
    public long MaxMemory
    {
        get => _maxMemory ?? Math.Max(DefaultMemory, LeastMemory);
        init => _maxMemory = value;
    }

    /// <summary>What the largest values need.</summary>
    public long LeastMemory => 2L * MaxItemSize * Loops;

    /// <summary>A client that takes nothing for longer is closed while more than <see cref="MaxMemory"/> is held.</summary>
    public TimeSpan SlowClientTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Clients connected at a time, of all event loops.</summary>
    public int MaxClients { get; init; } = 10_000;

    /// <summary>A client that has been silent for longer is closed; zero for never.</summary>
    public TimeSpan ClientIdleTimeout { get; init; }

    /// <summary>A client or member that acknowledges nothing for longer is given up.</summary>
    public TimeSpan DeadPeerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the mark of a deletion stays.</summary>
    public int TombstoneSeconds { get; init; } = 600;

    /// <summary>Keys remembered for each member of which it missed a write, while it is away.</summary>
    public int MaxHints { get; init; } = 1 << 16;

    /// <summary>Bytes that these keys may take for each member.</summary>
    public long MaxHintBytes { get; init; } = 8 << 20;

    /// <summary>
    /// How long a member may lack writes that this proxy remembers before it counts as one that missed them. For so long the
    /// other proxies, which may reach it, can read from it what those writes replaced.
    /// </summary>
    public TimeSpan HintWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// From one comparison of the Ready members to the next; zero for never. Shorter than <see cref="TombstoneSeconds"/>, or marks of deletions may
    /// be gone before they are compared.
    /// </summary>
    public TimeSpan CompareInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long others may act by a newer topology before this proxy serves no more; zero for as long as it takes.</summary>
    public TimeSpan FenceAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Not to be set from outside.</summary>
    public Safeguards Safeguards { get; init; } = Safeguards.All;

    /// <summary>After SIGTERM: how long to go on serving while not ready, so that nobody sends new clients any more.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After that: how long what is under way may take.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
