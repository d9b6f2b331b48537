using System.Diagnostics;
using System.Net;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Proxy;
using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Real memcached processes, one or more per zone, and proxies in this process.</summary>
internal sealed class ProxyFleet : IAsyncDisposable
{
    private readonly List<MemcachedServer> _members = [];
    private readonly List<ProxyServer> _proxies = [];
    private readonly Dictionary<(int Proxy, int Member), Relay> _relays = [];

    private ProxyFleet()
    {
    }

    public static string[] Zones { get; } = ["a", "b", "c"];

    public IReadOnlyList<MemcachedServer> Members => _members;

    public IReadOnlyList<ProxyServer> Proxies => _proxies;

    public TopologyDocument Document { get; private set; } = null!;

    /// <summary>The proxy of zone a.</summary>
    public ProxyServer Proxy => _proxies[0];

    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="proxies">How many proxies, in zones a, b, c, ...</param>
    /// <param name="settings">Changes their settings.</param>
    /// <param name="document">Changes the first topology document.</param>
    /// <param name="shards">Members per zone.</param>
    /// <param name="relayed">Proxy and member between which there is a <see cref="RelayOf"/>.</param>
    /// <param name="arguments">Arguments of the members.</param>
    public static async Task<ProxyFleet> StartAsync(
        CancellationToken cancellationToken,
        int proxies = 1,
        Func<ProxySettings, ProxySettings>? settings = null,
        Func<TopologyDocument, TopologyDocument>? document = null,
        int shards = 1,
        IReadOnlyList<(int Proxy, int Member)>? relayed = null,
        IReadOnlyList<string>? arguments = null)
    {
        var program = await MemcachedBinary.EnsureAsync(null, cancellationToken);
        var fleet = new ProxyFleet();
        try
        {
            for (var i = 0; i < Zones.Length * shards; i++) fleet._members.Add(await MemcachedServer.StartAsync(program, cancellationToken, arguments: arguments));
            foreach (var (proxy, member) in relayed ?? []) fleet._relays[(proxy, member)] = new Relay(fleet._members[member].EndPoint);
            var first = fleet.InitialDocument(shards);
            fleet.Document = document?.Invoke(first) ?? first;
            for (var i = 0; i < proxies; i++) await fleet.AddProxyAsync(i, settings, cancellationToken);
            await WaitAsync(
                () => fleet._proxies.All(p => p.Reporter.Status() is { Ready: true } s && s.Members.All(m => m.Reachable)), "all members reachable", cancellationToken);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>A proxy as the program makes it, not started.</summary>
    public static ProxyServer CreateProxy(ProxySettings settings)
    {
        var heat = new ReadHeat(settings.Loops);
        var copies = new CopySupervisor(settings.Name, new CopyLimits(), heat, TimeProvider.System, new CopyLog(NullLogger.Instance));
        return new ProxyServer(settings, heat, copies, NullLoggerFactory.Instance, TimeProvider.System);
    }

    public Task<RawClient> ConnectAsync(CancellationToken cancellationToken, int proxy = 0) => RawClient.ConnectAsync(_proxies[proxy].EndPoint, cancellationToken);

    public Task<RawClient> ConnectToMemberAsync(int member, CancellationToken cancellationToken) => RawClient.ConnectAsync(_members[member].EndPoint, cancellationToken);

    /// <summary>Applies a changed document, of the next generation, to all proxies.</summary>
    public async Task ApplyAsync(Func<TopologyDocument, TopologyDocument> change, CancellationToken cancellationToken)
    {
        Document = change(Document) with { Generation = Document.Generation + 1 };
        for (var i = 0; i < _proxies.Count; i++) await _proxies[i].Topology.ApplyAsync(DocumentOf(i), cancellationToken);
    }

    /// <summary>Changes one member of the document, and applies it.</summary>
    public Task ApplyAsync(int member, Func<Member, Member> change, CancellationToken cancellationToken) =>
        ApplyAsync(d => d with { Members = [.. d.Members.Select((m, i) => i == member ? change(m) : m)] }, cancellationToken);

    /// <summary>What a member holds: the answer to <c>mg KEY f c t s</c>, with its size in place of the value.</summary>
    public async Task<string> ItemAsync(int member, string key, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(_members[member].EndPoint, cancellationToken);
        return await client.LineAsync($"mg {key} f c t s u\r\n", cancellationToken);
    }

    /// <summary>A member's item as it answers <c>mg KEY f c t v</c>.</summary>
    public async Task<string> CopyAsync(int member, string key, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(_members[member].EndPoint, cancellationToken);
        return (await client.AskAsync($"mg {key} f c t v u\r\nmn\r\n", "MN\r\n", cancellationToken))[..^4];
    }

    /// <summary><see cref="ItemAsync"/> of every member.</summary>
    public Task<string[]> ItemsAsync(string key, CancellationToken cancellationToken) => Task.WhenAll(_members.Select((_, i) => ItemAsync(i, key, cancellationToken)));

    /// <summary><see cref="CopyAsync"/> of every member.</summary>
    public Task<string[]> CopiesAsync(string key, CancellationToken cancellationToken) => Task.WhenAll(_members.Select((_, i) => CopyAsync(i, key, cancellationToken)));

    /// <summary>The network between a proxy and a member.</summary>
    public Relay RelayOf(int proxy, int member) => _relays[(proxy, member)];

    public MemberStatus Status(int member, int proxy = 0) => _proxies[proxy].Reporter.Status().Members[member];

    public static Task WaitAsync(Func<bool> condition, string what, CancellationToken cancellationToken) => WaitAsync(() => Task.FromResult(condition()), what, cancellationToken);

    public static async Task WaitAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Deadline.Patience) throw new TimeoutException($"{what}: not within {Deadline.Patience.TotalSeconds} s");
            await Task.Delay(10, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies) await proxy.DisposeAsync();
        foreach (var relay in _relays.Values) await relay.DisposeAsync();
        foreach (var member in _members) await member.DisposeAsync();
    }

    private async Task AddProxyAsync(int index, Func<ProxySettings, ProxySettings>? change, CancellationToken cancellationToken)
    {
        var free = new IPEndPoint(IPAddress.Loopback, 0);
        var settings = new ProxySettings
        {
            Listen = free, AdminListen = free, MetricsListen = free, Name = $"proxy-{index}", Zone = Zones[index], DrainDelay = TimeSpan.Zero,

            // A busy test machine must not look like a slow or a lost member.
            MemberTimeout = 5000, HedgeDelay = 2000, HintWindow = TimeSpan.FromMinutes(1),
        };
        var proxy = CreateProxy(change?.Invoke(settings) ?? settings);
        _proxies.Add(proxy);
        await proxy.StartAsync(cancellationToken);
        await proxy.Topology.ApplyAsync(DocumentOf(index), cancellationToken);
    }

    private TopologyDocument DocumentOf(int proxy) => Document with
    {
        Members = [.. Document.Members.Select((m, i) => _relays.TryGetValue((proxy, i), out var relay) ? m with { Address = relay.EndPoint.ToString() } : m)],
    };

    private TopologyDocument InitialDocument(int shards) => new()
    {
        Cache = "default/sessions",
        Generation = 1,
        Shards = shards,
        Zones = Zones,
        Proxies = [.. Enumerable.Range(0, Zones.Length).Select(i => new ProxyIdentity { Name = $"proxy-{i}", Number = i })],
        Members = [.. _members.Select((m, i) => new Member
        {
            Uid = $"uid-{i}", Name = $"member-{i}", Zone = Zones[i % Zones.Length], Shard = i / Zones.Length,
            Address = m.EndPoint.ToString(), State = MemberState.Ready, Epoch = 1,
        })],
    };
}
