using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.Routing;
using CacheOperator.Proxy.Topology;

namespace CacheOperator.Proxy.Workers;

/// <summary>
/// One event loop with all that it owns: its clients, its connections to the members, its routes and its pools.
/// Workers share nothing but the version clock and what they report of members.
/// </summary>
internal sealed class Worker : IDisposable
{
    private const int StatisticsInterval = 2000;
    private const int SweepInterval = 1000;

    private readonly HashSet<ClientConnection> _clients = [];
    private readonly ClientLimit _limit;
    private readonly LoopTimer _poll;
    private readonly LoopTimer _sweep;
    private readonly Thread _thread;
    private Dictionary<string, MemberConnection> _members = [];
    private Listener? _listener;
    private Action? _onIdle;
    private long _begun;

    /// <param name="index">0..63.</param>
    /// <param name="settings">The proxy's settings.</param>
    /// <param name="clock">Shared by all workers.</param>
    /// <param name="newer">Shared by all workers.</param>
    /// <param name="limit">Shared by all workers.</param>
    /// <param name="heat">Its own.</param>
    /// <param name="time">Every clock of the worker.</param>
    /// <param name="statistics">For the client command <c>stats</c>.</param>
    /// <param name="log">Where to report changes.</param>
    public Worker(int index, ProxySettings settings, VersionClock clock, NewerGenerations newer, ClientLimit limit, ReadSketch heat, TimeProvider time, ClientStatistics statistics, WorkerLog log)
    {
        (Index, Settings, Clock, Newer, _limit, Heat, Time, Log) = (index, settings, clock, newer, limit, heat, time, log);
        Loop = new EventLoop(time, log.LoopFault, settings.MaxMemory / settings.Loops, () => Memory!.Relieve());
        Memory = new MemoryGuard(this, _clients);
        Turns = new Turns(Loop, () => Memory.RoomForRequests);
        Pools = new OperationPools(this, new PoolRoom());
        Commands = new CommandDispatcher(this, statistics);
        _poll = new LoopTimer(Loop, PollStatistics);
        _sweep = new LoopTimer(Loop, CloseSilentClients);
        _thread = new Thread(Loop.Run) { IsBackground = true, Name = $"loop-{index}" };
    }

    public int Index { get; }

    public EventLoop Loop { get; }

    public ProxySettings Settings { get; }

    public VersionClock Clock { get; }

    public NewerGenerations Newer { get; }

    /// <summary>Which keys are read how often.</summary>
    public ReadSketch Heat { get; }

    public TimeProvider Time { get; }

    public WorkerLog Log { get; }

    public WorkerMetrics Metrics { get; } = new();

    public Random Jitter { get; } = new();

    public OperationPools Pools { get; }

    public CommandDispatcher Commands { get; }

    public MemoryGuard Memory { get; }

    public DecisionQueue Decisions { get; } = new();

    public Turns Turns { get; }

    /// <summary>Listens and starts the thread.</summary>
    /// <returns>The address, with the port when a free one was asked for.</returns>
    public IPEndPoint Start(IPEndPoint listen)
    {
        _listener = new Listener(Loop, listen, Settings.DeadPeerTimeout, Accept, OnAcceptFailed);
        _listener.Start();
        _poll.Arm(StatisticsInterval);
        if (Settings.ClientIdleTimeout > TimeSpan.Zero) _sweep.Arm(SweepInterval);
        _thread.Start();
        return _listener.EndPoint;
    }

    /// <summary>Routes by a newer table from now on.</summary>
    /// <param name="table">The table.</param>
    /// <param name="members">Every member of its document.</param>
    /// <param name="done">Called on the loop's thread when no write routed by an older table is under way any more.</param>
    public void Apply(RoutingTable table, IReadOnlyDictionary<string, MemberHealth> members, Action done) => Loop.Post(() =>
    {
        var old = Commands.Routes;
        var known = _members;
        _members = [];
        Commands.Routes = new RouteSet(table, route => Connect(route, members[route.Member.Uid], known));
        foreach (var gone in known.Values) gone.Remove();
        if (old is null)
        {
            done();
        }
        else
        {
            old.WhenIdle(done);
        }
    });

    /// <summary>Whether clients are told from now on that the topology is outdated, whatever they ask for.</summary>
    public void SetOutdated(bool outdated) => Loop.Post(() => Commands.IsOutdated = outdated);

    /// <summary>Accepts no more, finishes what is under way and closes every client.</summary>
    /// <param name="done">Called on the loop's thread when the last one is closed.</param>
    public void Drain(Action done) => Loop.Post(() =>
    {
        _listener?.Dispose();
        _onIdle = done;
        foreach (var client in _clients.ToArray()) client.Leave();
        ReportIdle();
    });

    public void Dispose()
    {
        Loop.Stop();
        if (_thread.IsAlive) _thread.Join();
        foreach (var client in _clients.ToArray()) client.Abort();
        foreach (var member in _members.Values) member.Remove();
        _listener?.Dispose();
        Loop.Dispose();
    }

    /// <summary>Whether the next request is one of those whose duration is measured.</summary>
    internal bool IsNextMeasured() => (_begun++ & (LatencyHistogram.Sampling - 1)) == 0;

    internal void PauseMembers()
    {
        foreach (var member in _members.Values) member.Pause();
    }

    internal void ResumeMembers()
    {
        foreach (var member in _members.Values) member.Admit();
    }

    internal void OnClientClosed(ClientConnection client)
    {
        _clients.Remove(client);
        _limit.Leave();
        Metrics.Connections--;
        ReportIdle();
    }

    private MemberConnection Connect(ReplicaRoute route, MemberHealth health, Dictionary<string, MemberConnection> known)
    {
        var uid = route.Member.Uid;
        if (known.Remove(uid, out var connection) && !connection.EndPoint.Equals(route.EndPoint))
        {
            connection.Remove();
            connection = null;
        }

        if (connection is null)
        {
            connection = new MemberConnection(this, route.EndPoint, route.Member, health);
        }
        else
        {
            connection.Apply(route.Member, health);
        }

        return _members[uid] = connection;
    }

    private void Accept(Socket socket)
    {
        if (!_limit.TryEnter())
        {
            Metrics.ConnectionsRejected++;
            socket.Send(Replies.TooManyClients, SocketFlags.None, out _);
            socket.Dispose();
            return;
        }

        Metrics.ConnectionsAccepted++;
        Metrics.Connections++;
        _clients.Add(new ClientConnection(this, socket));
        Memory.OnClientsChanged();
        Memory.LimitSystemBuffers(socket);
    }

    private void OnAcceptFailed(SocketException exception)
    {
        Metrics.AcceptFailures++;
        Log.AcceptFailed(exception.Message);
    }

    private void CloseSilentClients()
    {
        _sweep.Arm(SweepInterval);
        var since = Loop.Now - (long)Settings.ClientIdleTimeout.TotalMilliseconds;
        foreach (var client in _clients.ToArray())
        {
            if (client.CloseIfSilent(since)) Metrics.IdleClientsClosed++;
        }
    }

    private void PollStatistics()
    {
        _poll.Arm(StatisticsInterval);
        if (Index != 0) return;
        foreach (var member in _members.Values) member.PollStatistics();
    }

    private void ReportIdle()
    {
        if (_clients.Count > 0 || _onIdle is not { } onIdle) return;
        _onIdle = null;
        onIdle();
    }
}
