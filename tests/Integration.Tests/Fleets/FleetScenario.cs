using System.Text;
using CacheOperator.Fleet;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Provisioning;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Fleets;

/// <summary>Three zones of real processes with a proxy in each, planned by the operator's planner step by step.</summary>
internal sealed class FleetScenario : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private FleetScenario(LocalFleet fleet) => Fleet = fleet;

    public LocalFleet Fleet { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<FleetScenario> StartAsync(FleetShape? shape = null)
    {
        var programs = await FleetPrograms.EnsureAsync(new TextProgress(Console.Error), Token);
        var scenario = new FleetScenario(await LocalFleet.StartAsync(shape ?? new FleetShape(), programs, Token));
        await scenario.PlanUntilAsync("every member is known and reached", topology => topology.Members.All(member => member.Incarnation is not null));
        return scenario;
    }

    public Task<RawClient> ConnectAsync(int proxy = 0) => RawClient.ConnectAsync(Fleet.Proxies[proxy].EndPoint, Token);

    public Member Entry(FleetMember member) => Fleet.Topology.Members.Single(entry => entry.Uid == member.Uid);

    public async Task<MemberStatus> StatusAsync(FleetMember member, int proxy = 0) =>
        (await Fleet.Proxies[proxy].StatusAsync(Token)).Members.Single(status => status.Uid == member.Uid);

    /// <summary>Sets <c>key:0</c> and so on through a proxy, with flags and times to live that differ.</summary>
    public async Task LoadAsync(int keys, int proxy = 0)
    {
        using var client = await ConnectAsync(proxy);
        foreach (var chunk in Enumerable.Range(0, keys).Chunk(500))
        {
            var script = new StringBuilder();
            foreach (var i in chunk)
                script.Append($"set key:{i} {i} {(i % 3 == 0 ? 0 : 1000 + i)} 100\r\n{ValueOf(i)}\r\n");
            await client.SendAsync(script.ToString(), Token);
            Assert.Equal(string.Concat(chunk.Select(_ => "STORED\r\n")), await client.ReadAsync(chunk.Length * "STORED\r\n".Length, Token));
        }
    }

    public static string ValueOf(int key) => $"value of {key}".PadRight(100, '.');

    /// <summary>Plans as the operator does, round by round, until the topology is as wanted.</summary>
    /// <param name="what">For the failure's text.</param>
    /// <param name="condition">When it is.</param>
    /// <param name="meanwhile">Done and checked after every round.</param>
    public Task PlanUntilAsync(string what, Func<TopologyDocument, bool> condition, Func<Task>? meanwhile = null) =>
        PlanUntilAsync(what, topology => Task.FromResult(condition(topology)), meanwhile);

    /// <inheritdoc cref="PlanUntilAsync(string, Func{TopologyDocument, bool}, Func{Task}?)"/>
    public async Task PlanUntilAsync(string what, Func<TopologyDocument, Task<bool>> condition, Func<Task>? meanwhile = null)
    {
        var decisions = new List<string>();
        await Deadline.UntilAsync(
            what,
            Patience,
            async () =>
            {
                decisions.AddRange((await Fleet.PlanAsync(Token)).Messages);
                if (meanwhile is not null)
                    await meanwhile();
                if (await condition(Fleet.Topology))
                    return true;
                await Task.Delay(Step, Token);
                return false;
            },
            () => string.Join("; ", decisions));
    }

    public Task PlanUntilReadyAsync(FleetMember member, Func<Task>? meanwhile = null) =>
        PlanUntilAsync($"{member.Name} is Ready", _ => Entry(member) is { State: MemberState.Ready, Incarnation: not null }, meanwhile);

    /// <summary>Live items of a member: what marks a deletion is none.</summary>
    public static async Task<Dictionary<string, StoredItem>> ContentsAsync(FleetMember member)
    {
        var contents = await Contents.ReadAsync(member.EndPoint, Token);
        return contents.Where(entry => entry.Value is not { Value: "", Version: var version } || version % 2 == 0).ToDictionary();
    }

    /// <summary>Both hold the same, to the second: version, value, flags and expiry.</summary>
    /// <param name="expected">One member.</param>
    /// <param name="actual">The other one.</param>
    /// <param name="delay">Seconds by which a request may have reached one of them later.</param>
    public static async Task AssertSameContentsAsync(FleetMember expected, FleetMember actual, int delay = 0)
    {
        var (left, right) = (await ContentsAsync(expected), await ContentsAsync(actual));
        Assert.Empty(left.Keys.Except(right.Keys));
        Assert.Empty(right.Keys.Except(left.Keys));
        foreach (var (key, item) in left)
        {
            var other = right[key];
            Assert.Equal(item with { Expiry = 0 }, other with { Expiry = 0 });

            // What clients wrote to both counts from each member's own tick; what was copied is exact.
            Assert.True((item.Expiry < 0) == (other.Expiry < 0) && Math.Abs(item.Expiry - other.Expiry) <= 2 + delay, $"{key} expires at {other.Expiry}, not {item.Expiry}");
        }
    }

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();
}
