using System.Globalization;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Connections break and come back all the time: what clients were told holds all the same.</summary>
public sealed class HintStormTests(ITestOutputHelper output)
{
    private const int ClientsPerProxy = 2;
    private const int KeysPerClient = 12;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, ReadFallback.OnError)]
    [InlineData(2, ReadFallback.OnMiss)]
    public async Task Acknowledged_writes_stand_and_replicas_agree(int seed, ReadFallback readFallback)
    {
        (int, int)[] links = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)];
        await using var fleet = await ProxyFleet.StartAsync(
            Token,
            proxies: 2,
            settings: s => s with { MemberTimeout = 400, HedgeDelay = 100, HintWindow = TimeSpan.FromMinutes(5) },
            document: d => d with { Replication = new ReplicationSettings { ReadFallback = readFallback } },
            relayed: links);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        stop.CancelAfter(Duration);
        var clients = Enumerable.Range(0, 2 * ClientsPerProxy).Select(i => new StormClient(i, seed)).ToList();
        var running = clients.Select((client, i) => client.RunAsync(fleet, i % 2, stop.Token)).ToList();
        var disturbing = links.Select((link, i) => DisturbAsync(fleet.RelayOf(link.Item1, link.Item2), new Random((seed * 10) + i), stop.Token));
        await Task.WhenAll([.. disturbing, .. running]);

        foreach (var (proxy, member) in links) fleet.RelayOf(proxy, member).Heal();
        for (var i = 0; i < 6; i++)
        {
            var (proxy, member) = links[i];
            await ProxyFleet.WaitAsync(() => fleet.Status(member, proxy) is { Reachable: true, Hints: 0, ServesReads: true }, $"member {member} settled by proxy {proxy}", Token);
        }

        Assert.All(fleet.Proxies.SelectMany(p => p.Reporter.Status().Members), m => Assert.Equal(0, m.MissedWrites));
        var missing = 0;
        foreach (var client in clients)
        {
            foreach (var (key, possible) in client.Possible)
            {
                var held = new List<string?>();
                for (var member = 0; member < 3; member++)
                {
                    using var connection = await fleet.ConnectToMemberAsync(member, Token);
                    held.Add(await ValueAsync(connection, key));
                }

                var present = held.OfType<string>().Distinct().ToList();
                Assert.True(present.Count <= 1, $"{key}: {string.Join(" | ", held)}");
                Assert.All(present, value => Assert.Contains(value, possible));
                if (present.Count > 0) missing += held.Count(value => value is null);
            }
        }

        output.WriteLine($"{clients.Sum(c => c.Acknowledged)} writes acknowledged, {clients.Sum(c => c.Refused)} refused; {clients.Sum(c => c.Hits)} hits, {clients.Sum(c => c.Misses)} misses; at the end {missing} copies forgotten");
        Assert.True(clients.Sum(c => c.Acknowledged) > 50, "hardly anything was written");
    }

    private static async Task DisturbAsync(Relay link, Random random, CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            await Task.Delay(random.Next(4000), CancellationToken.None);
            link.Cut();
            await Task.Delay(random.Next(1000), CancellationToken.None);
            link.Heal();
        }
    }

    // A tombstone is nothing.
    private static async Task<string?> ValueAsync(RawClient connection, string key)
    {
        var reply = (await connection.AskAsync($"mg {key} c v u\r\nmn\r\n", "MN\r\n", Token)).Split("\r\n");
        return reply[0] == "EN" || (reply[0].StartsWith("VA 0 ", StringComparison.Ordinal) && ulong.Parse(reply[0][6..], CultureInfo.InvariantCulture) % 2 == 1) ? null : reply[1];
    }

    /// <summary>The only one that writes its keys, so that it knows what they can be.</summary>
    private sealed class StormClient(int number, int seed)
    {
        private readonly Random _random = new((seed * 100) + number);
        private readonly Dictionary<string, List<string>> _history = [];
        private List<string>? _seen;

        /// <summary>What each key can hold: one value after a write that was acknowledged, more after one that was not.</summary>
        public Dictionary<string, HashSet<string?>> Possible { get; } = [];

        public int Acknowledged { get; private set; }

        public int Refused { get; private set; }

        public int Hits { get; private set; }

        public int Misses { get; private set; }

        public async Task RunAsync(ProxyFleet fleet, int proxy, CancellationToken stopped)
        {
            using var client = await fleet.ConnectAsync(Token, proxy);
            for (var i = 0; !stopped.IsCancellationRequested; i++)
            {
                var key = $"key-{number}-{_random.Next(KeysPerClient)}";
                if (!Possible.TryGetValue(key, out var possible)) Possible[key] = possible = [null];
                if (!_history.TryGetValue(key, out _seen)) _history[key] = _seen = [];
                switch (_random.Next(8))
                {
                    case 0:
                        await WriteAsync(client, $"delete {key}\r\n", possible, _ => null);
                        break;
                    case 1:
                        await WriteAsync(client, $"incr {key} 1\r\n", possible, v => v is null ? null : $"{long.Parse(v, CultureInfo.InvariantCulture) + 1}");
                        break;
                    case 2:
                        await WriteAsync(client, $"touch {key} 1000\r\n", possible, v => v);
                        break;
                    case 3 when possible.All(v => v is not { Length: > 15 }):
                        await WriteAsync(client, $"append {key} 0 0 1\r\n7\r\n", possible, v => v is null ? null : $"{v}7");
                        break;
                    case 4 or 5:
                        var value = $"{i + 1}";
                        await WriteAsync(client, $"set {key} 0 0 {value.Length}\r\n{value}\r\n", possible, _ => value);
                        break;
                    default:
                        await ReadAsync(client, key, possible);
                        break;
                }
            }
        }

        private async Task WriteAsync(RawClient client, string command, HashSet<string?> possible, Func<string?, string?> change)
        {
            var answer = await client.LineAsync(command, Token);
            var after = possible.Select(change).ToList();
            _seen!.Add($"{command.Trim()} -> {answer}");
            if (answer.StartsWith("SERVER_ERROR", StringComparison.Ordinal))
            {
                Refused++;
                possible.UnionWith(after);
                return;
            }

            // A copy that was forgotten is none, whatever was there.
            Acknowledged++;
            if (answer is "NOT_FOUND" or "NOT_STORED") return;
            possible.Clear();
            possible.UnionWith(long.TryParse(answer, out _) ? [answer] : after);
        }

        private async Task ReadAsync(RawClient client, string key, HashSet<string?> possible)
        {
            var reply = await client.AskAsync($"get {key}\r\nmn\r\n", "MN\r\n", Token);
            if (reply.StartsWith("SERVER_ERROR", StringComparison.Ordinal)) return;
            var value = reply.StartsWith("END", StringComparison.Ordinal) ? null : reply.Split("\r\n")[1];
            if (value is null) Misses++;
            else Hits++;
            _seen!.Add($"get -> {value}");
            Assert.True(value is null || possible.Contains(value), $"{key} cannot be {value} after {string.Join("; ", _seen.TakeLast(40))}");
        }
    }
}
