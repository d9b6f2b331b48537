using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Members;

public sealed class MemberRegistryTests
{
    private readonly MemberRegistry _registry = new(new HintLimits(10, 10_000), TimeProvider.System);

    [Fact]
    public void Missed_writes_stay_until_a_new_epoch_forgives_them()
    {
        var first = _registry.Update(Document(epoch: 1))["u"];
        first.MissEverything();

        Assert.Equal(1, _registry.Update(Document(epoch: 1))["u"].MissedWrites);
        Assert.Equal(0, _registry.Update(Document(epoch: 2))["u"].MissedWrites);
    }

    [Fact]
    public void What_is_known_of_the_process_outlives_an_epoch_but_not_the_member()
    {
        _registry.Update(Document(epoch: 1))["u"].Record.Met("1@1", new MemberStatistics());

        Assert.Equal("1@1", _registry.Update(Document(epoch: 2))["u"].Record.FirstIncarnation);
        _registry.Update(Document(epoch: 2) with { Members = [] });
        Assert.Null(_registry.Update(Document(epoch: 2))["u"].Record.FirstIncarnation);
    }

    private static TopologyDocument Document(long epoch) => new()
    {
        Cache = "default/sessions",
        Generation = 1,
        Zones = ["a"],
        Members = [new Member { Uid = "u", Name = "m", Zone = "a", Shard = 0, Address = "127.0.0.1:1", State = MemberState.Ready, Epoch = epoch }],
    };
}
