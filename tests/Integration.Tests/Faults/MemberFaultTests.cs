using System.Collections.Concurrent;
using System.Net;
using CacheOperator.Fleet;
using CacheOperator.Integration.Tests.Fleets;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Faults;

/// <summary>Faults of members under the load of clients that know every byte of every answer.</summary>
[Collection(OnItsOwn.Name)]
public sealed class MemberFaultTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int Clients = 6;

    // Longer than a busy test machine stands still, shorter than the standstill that is a fault here.
    private const string MemberTimeout = "1500ms";
    private const int MaxDelaySeconds = 2;
    private static readonly TimeSpan LongStandstill = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<IPEndPoint, Relay> _relays = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private enum Fault
    {
        Kill,
        RestartInPlace,
        Hiccup,
        Standstill,
        SlowLink,
        CutLink,
    }

    [Fact]
    public async Task Every_answer_is_right_to_the_byte_while_members_fail_in_every_way()
    {
        var random = new Random(RandomRun.Seed(output));
        var length = RandomRun.Length(0);
        var replication = new ReplicationSettings
        {
            WriteAck = random.Next(3) == 1 ? WriteAck.All : WriteAck.Majority,
            ReadFallback = random.Next(3) == 0 ? ReadFallback.OnMiss : ReadFallback.OnError,
        };
        var loops = $"{random.Next(1, 3)}";
        output.WriteLine($"{replication}, {loops} loops");
        await using var scenario = await FleetScenario.StartAsync(new FleetShape
        {
            Shards = 2, Replication = replication, Way = Relayed,
            ProxyArguments = ["--member-timeout", MemberTimeout, "--hedge-delay", "100ms", "--loops", loops],
        });
        var clients = Enumerable.Range(0, Clients).Select(i => new CheckedClient(scenario.Fleet.Proxies[i % 3].EndPoint, $"client-{i}", random.Next())).ToList();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = Task.WhenAll(clients.Select(c => Task.Run(() => RunAsync(c, stop), Token)));
        var began = DateTime.UtcNow;

        // Every fault once, in any order; more of them for as long as is wanted.
        var faults = Enum.GetValues<Fault>();
        random.Shuffle(faults);
        for (var i = 0; !load.IsCompleted && (i < faults.Length || DateTime.UtcNow - began < length); i++)
        {
            var fault = i < faults.Length ? faults[i] : faults[random.Next(faults.Length)];
            var victim = scenario.Fleet.Members[random.Next(scenario.Fleet.Members.Count)];
            var slowest = clients.Max(c => c.Slowest);
            var commands = clients.Sum(c => c.Commands);
            output.WriteLine($"{DateTime.UtcNow:mm:ss.fff} {fault} of {victim.Name}");
            await InflictAsync(fault, victim, scenario, load);
            if (!load.IsCompleted) await HealAsync(scenario, load);
            output.WriteLine($"  {clients.Sum(c => c.Commands) - commands} commands, slowest pipeline so far {slowest.TotalMilliseconds:0} -> {clients.Max(c => c.Slowest).TotalMilliseconds:0} ms");
        }

        await stop.CancelAsync();
        await load;

        output.WriteLine($"{clients.Sum(c => c.Commands)} commands, {clients.Sum(c => c.FailedWrites.Count)} failed writes: {string.Join("; ", clients.SelectMany(c => c.FailedWrites).Take(5))}");
        Assert.All(clients, c => Assert.True(c.Commands > 100, $"{c.Commands} commands"));
        Assert.All(clients, c => Assert.Empty(c.FailedWrites));
        await AssertAgreementAsync(scenario, clients);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays.Values) await relay.DisposeAsync();
    }

    // The first wrong answer ends it all.
    private static async Task RunAsync(CheckedClient client, CancellationTokenSource stop)
    {
        try
        {
            await client.RunAsync(stop.Token, Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task InflictAsync(Fault fault, FleetMember victim, FleetScenario scenario, Task load)
    {
        switch (fault)
        {
            case Fault.Kill:
                await victim.KillAsync();
                await PlanAsync(scenario, load, Moment);
                await scenario.PlanUntilReadyAsync(await scenario.Fleet.ReplaceAsync(victim, Token));
                break;
            case Fault.RestartInPlace:
                var before = scenario.Entry(victim).Incarnation;
                await victim.RestartInPlaceAsync(Token);
                await scenario.PlanUntilAsync("the new process is known", _ => scenario.Entry(victim).Incarnation != before);
                break;
            case Fault.Hiccup or Fault.Standstill:
                await victim.FreezeAsync(Token);
                await PlanAsync(scenario, load, fault == Fault.Hiccup ? Moment : LongStandstill);
                await victim.ThawAsync(Token);
                break;
            case Fault.SlowLink:
                _relays[victim.EndPoint].Latency = Slowness;
                await PlanAsync(scenario, load, 4 * Moment);
                _relays[victim.EndPoint].Latency = TimeSpan.Zero;
                break;
            case Fault.CutLink:
                _relays[victim.EndPoint].Cut();
                await PlanAsync(scenario, load, Moment);
                _relays[victim.EndPoint].Heal();
                break;
        }
    }

    /// <summary>Every proxy reads from every member again.</summary>
    private static async Task HealAsync(FleetScenario scenario, Task load)
    {
        var healthy = false;
        await scenario.PlanUntilAsync(
            "every proxy reads from every member",
            topology => load.IsCompleted || (healthy && topology.Members.All(m => m is { State: MemberState.Ready, Incarnation: not null })),
            async () =>
            {
                var statuses = await Task.WhenAll(scenario.Fleet.Proxies.Select(proxy => proxy.StatusAsync(Token)));
                healthy = statuses.All(s => s.Generation == scenario.Fleet.Topology.Generation && s.Members.All(m => m is { Reachable: true, ServesReads: true, MissedWrites: 0 }));
            });
    }

    private static async Task AssertAgreementAsync(FleetScenario scenario, List<CheckedClient> clients)
    {
        foreach (var shard in scenario.Fleet.Members.GroupBy(m => m.Shard))
        {
            var zones = shard.ToList();
            await Deadline.UntilAsync($"zones agree on shard {shard.Key}", Patience, async () =>
            {
                var contents = await Task.WhenAll(zones.Select(FleetScenario.ContentsAsync));
                return contents.All(c => c.Count == contents[0].Count && c.All(i => contents[0].TryGetValue(i.Key, out var other) && i.Value with { Expiry = 0 } == other with { Expiry = 0 }));
            });
            foreach (var other in zones.Skip(1)) await FleetScenario.AssertSameContentsAsync(zones[0], other, MaxDelaySeconds);
        }

        for (var proxy = 0; proxy < scenario.Fleet.Proxies.Count; proxy++)
        {
            using var client = await scenario.ConnectAsync(proxy);
            foreach (var (key, model) in clients.SelectMany(c => c.Models))
                Assert.Equal($"{model.Item(Assert.Single(model.States))}END\r\n", await client.AskAsync($"get {key}\r\n", "END\r\n", Token));
        }
    }

    private static async Task PlanAsync(FleetScenario scenario, Task load, TimeSpan time)
    {
        var end = DateTime.UtcNow + time;
        await scenario.PlanUntilAsync("time passes", _ => DateTime.UtcNow > end || load.IsCompleted);
    }

    private IPEndPoint Relayed(string proxy, IPEndPoint member)
    {
        if (!_relays.TryGetValue(member, out var relay)) _relays[member] = relay = new Relay(member);
        return relay.EndPoint;
    }
}
