using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Topology;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class OperatorKilledDuringAPhase(ClusterFixture cluster) : Scenario(cluster)
{
    /// <summary>So slow that there is time to kill somebody meanwhile.</summary>
    private const string Slowly = "warmUp: { maxBytesPerSecond: 512Ki }";

    private static readonly TimeSpan PhaseDeadline = TimeSpan.FromSeconds(240);

    private readonly OperatorPods _operator = new(cluster);

    [Fact]
    public Task A_leader_that_is_killed_while_a_member_warms_up_goes_on_with_it() => UnderLoadAsync(async cache =>
    {
        var victim = (await cache.MembersAsync(Cancelled))[0];
        await Cluster.Nodes.KillAsync(victim.Metadata.Uid, "memcached", Cancelled);
        await WaitUntilOneWarmsUpAsync(cache);

        await _operator.KillLeaderAsync();
        Assert.Contains((await cache.TopologyAsync(Cancelled)).Members, member => member.State == MemberState.Warming);
        await cache.WaitUntilReadyAsync(PhaseDeadline, Cancelled);
    });

    [Fact]
    public Task A_leader_that_is_killed_in_the_middle_of_a_resharding_goes_on_with_it() => UnderLoadAsync(async cache =>
    {
        await ChangeAsync($"{{ {Slowly}, shards: 2 }}");
        await Wait.UntilAsync("keys move to new members", ReadyDeadline, async () =>
            (await cache.TopologyAsync(Cancelled)) is { Resharding.Phase: ReshardingPhase.Filling, Copies.Count: > 0 } ? null : "not yet", Cancelled);

        await _operator.KillLeaderAsync();
        Assert.NotNull((await cache.TopologyAsync(Cancelled)).Resharding);
        await cache.WaitUntilReadyAsync(PhaseDeadline, Cancelled);
        var topology = await cache.TopologyAsync(Cancelled);
        Assert.Equal((2, null), (topology.Shards, topology.Resharding));
    });

    [Fact]
    public Task A_leader_that_leaves_during_a_rollout_is_followed_by_another() => UnderLoadAsync(async cache =>
    {
        await ChangeAsync($"{{ {Slowly}, engine: {{ args: ['-R', '40'] }} }}");
        await WaitUntilOneWarmsUpAsync(cache);

        await _operator.DeleteLeaderAsync();
        Assert.Contains(await cache.MembersAsync(Cancelled), pod => !pod.Spec.Containers[0].Args.Contains("-R"));
        await cache.WaitUntilReadyAsync(PhaseDeadline, Cancelled);
        var members = await cache.MembersAsync(Cancelled);
        Assert.All(members, pod => Assert.Contains("-R", pod.Spec.Containers[0].Args));
        AssertOneAfterTheOther(members);
    });

    /// <summary>Two copies of the operator, a filled cache that is copied slowly, and clients that must not notice what is done meanwhile.</summary>
    private async Task UnderLoadAsync(Func<CacheView, Task> phase)
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        await Cluster.ScaleOperatorAsync(2, Cancelled);
        try
        {
            var cache = await CreateCacheAsync($"{{ {Slowly} }}");
            var client = await ClientAsync(cache) with { TimesToLive = [0, 3600, 86400] };
            Assert.Equal(client.Keys, (await client.FillAsync(Cancelled)).Writes);
            var load = StartLoad(client);
            await phase(cache);
            AssertUndisturbed(await load.StopAsync(Cancelled));
            var read = await client.CheckAsync(TimeSpan.Zero, Cancelled);
            Assert.True(read.Hits == client.Keys, read.ToString());
        }
        finally
        {
            await Cluster.ScaleOperatorAsync(1, CancellationToken.None);
        }
    }

    private static Task<TimeSpan> WaitUntilOneWarmsUpAsync(CacheView cache) => Wait.UntilAsync("a member is Warming", ReadyDeadline, async () =>
    {
        var members = (await cache.TopologyAsync(Cancelled)).Members;
        return members.Any(member => member.State == MemberState.Warming) ? null : string.Join(", ", members);
    }, Cancelled);
}
