using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Members;

public sealed class MemberIdentityTests
{
    private readonly MemberHealth _health = new(new MemberRecord("uid", TimeProvider.System), epoch: 1, new HintLimits(1, 1));

    [Fact]
    public void A_Ready_member_is_read_until_its_process_turns_out_to_be_another_one()
    {
        var identity = new MemberIdentity(Entry(MemberState.Ready, "old"), _health);
        Assert.True(identity.IsReady);

        identity.Meet("new", new MemberStatistics());
        Assert.Equal((false, false), (identity.IsReady, identity.IsExpectedProcess));

        identity.Forget();
        Assert.True(identity.IsReady);
    }

    [Fact]
    public void Where_the_topology_names_no_process_the_first_one_met_is_the_one_that_counts()
    {
        var identity = new MemberIdentity(Entry(MemberState.Ready, incarnation: null), _health);
        identity.Meet("first", new MemberStatistics());
        Assert.True(identity.IsReady);

        identity.Meet("second", new MemberStatistics());
        Assert.False(identity.IsReady);

        Assert.True(identity.Apply(Entry(MemberState.Ready, "second"), _health));
        Assert.True(identity.IsReady);
    }

    [Fact]
    public void Only_another_state_epoch_or_process_is_news()
    {
        var identity = new MemberIdentity(Entry(MemberState.Warming, "a"), _health);

        Assert.False(identity.Apply(Entry(MemberState.Warming, "a"), _health));
        Assert.True(identity.Apply(Entry(MemberState.Draining, "a"), _health));

        Assert.Equal((false, true), (identity.IsReady, identity.IsDraining));
    }

    private static Member Entry(MemberState state, string? incarnation) => new()
    {
        Uid = "uid",
        Name = "cache-a-0",
        Zone = "a",
        Shard = 0,
        Address = "127.0.0.1:11211",
        Epoch = 1,
        State = state,
        Incarnation = incarnation,
    };
}
