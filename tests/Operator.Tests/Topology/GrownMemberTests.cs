using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>What the topology says of members that were given more memory than they were started with.</summary>
public sealed class GrownMemberTests
{
    private readonly FakeFleet _fleet = FakeFleet.Running();

    [Fact]
    public void Memory_is_named_without_touching_the_member_otherwise()
    {
        var before = _fleet.Member("a");
        Grow(512);
        Assert.True(_fleet.Last!.Changed);
        Assert.Equal(before with { MemoryMebibytes = 512 }, _fleet.Member("a"));
        Assert.Null(_fleet.Member("b").MemoryMebibytes);
        Assert.Empty(_fleet.Decisions);
        Assert.Equal(1, _fleet.Document!.Schema);
        _fleet.Step();
        Assert.False(_fleet.Last!.Changed);
    }

    [Fact]
    public void It_stays_while_nothing_newer_is_known()
    {
        Grow(512);
        Grow(null);
        Assert.False(_fleet.Last!.Changed);
        Assert.Equal(512, _fleet.Member("a").MemoryMebibytes);
        Grow(1024);
        Assert.Equal(1024, _fleet.Member("a").MemoryMebibytes);
    }

    [Fact]
    public void It_outlives_the_process_and_not_the_pod()
    {
        Grow(512);
        _fleet.RestartProcess(_fleet.Pod("a"));
        _fleet.Step();
        _fleet.Step();
        Assert.Equal((MemberState.Warming, 512L), (_fleet.Member("a").State, _fleet.Member("a").MemoryMebibytes));
        _fleet.Remove(_fleet.Pod("a"));
        _fleet.AddPod("a");
        _fleet.Settle();
        Assert.Null(_fleet.Member("a").MemoryMebibytes);
    }

    [Fact]
    public void A_limit_counts_by_the_process_that_is_meant()
    {
        var member = _fleet.Member("a");
        FleetView View(string incarnation) => new([
            new ObservedProxy
            {
                Name = "p", Running = true, PodReady = true,
                Status = new ProxyStatus
                {
                    Name = "p", Version = "1", Generation = 1, Ready = true, StartedAt = _fleet.Now,
                    Members = [new MemberStatus
                    {
                        Uid = member.Uid, Incarnation = incarnation, Reachable = true, ServesReads = true, Epoch = 1, MissedWrites = 0,
                        Statistics = new MemberStatistics { LimitMaxBytes = 7 },
                    }],
                },
            },
        ]);
        Assert.Equal(7, View(member.Incarnation!).MemoryLimit(member));
        Assert.Equal(0, View("another").MemoryLimit(member));
        Assert.Equal(0, new FleetView([]).MemoryLimit(member));
    }

    private void Grow(long? mebibytes)
    {
        _fleet.Change(_fleet.Pod("a"), p => p with { MemoryMebibytes = mebibytes });
        _fleet.Step();
    }
}
