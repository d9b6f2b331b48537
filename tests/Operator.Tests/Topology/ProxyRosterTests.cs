using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>Which generation members have shown for long enough, as far as this process of the operator knows.</summary>
public sealed class ProxyRosterTests
{
    private const string Uid = "uid";
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(55);
    private readonly ProxyRoster _roster = new();

    [Theory]
    [InlineData(19, 0)]
    [InlineData(20, 7)]
    public void A_generation_is_settled_when_a_proxy_has_said_for_so_long_that_it_acts_by_it(int seconds, long settled)
    {
        Answer(7, 0);
        Answer(7, seconds);
        Assert.Equal(settled, _roster.SettledGeneration(Uid));
    }

    [Fact]
    public void Of_a_proxy_that_spoke_once_nobody_knows_whether_it_showed_the_generation_to_anybody()
    {
        _roster.Asked(Uid, Start);
        Answer(7, 1);
        Assert.Equal((0, TimeSpan.FromHours(1)), (_roster.SettledGeneration(Uid), _roster.Of(Uid, Start.AddSeconds(3601)).SilentFor));
    }

    [Fact]
    public void While_one_generation_follows_the_other_each_of_them_settles_in_its_time()
    {
        for (var second = 0; second <= 60; second++)
        {
            Answer(100 + second, second);
            Assert.Equal(second < 20 ? 0 : 80 + second, _roster.SettledGeneration(Uid));
        }
    }

    [Fact]
    public void A_new_process_counts_from_its_own_beginning()
    {
        Answer(7, 0);
        Answer(7, 20, process: 1);
        Assert.Equal(0, _roster.SettledGeneration(Uid));
        Answer(7, 40, process: 1);
        Assert.Equal(7, _roster.SettledGeneration(Uid));
    }

    [Fact]
    public void A_proxy_that_takes_no_traffic_perhaps_reaches_no_member()
    {
        Answer(7, 0, ready: false);
        Answer(7, 20, ready: false);
        Answer(7, 21);
        Assert.Equal(0, _roster.SettledGeneration(Uid));
        Answer(7, 41);
        Assert.Equal(7, _roster.SettledGeneration(Uid));
    }

    [Fact]
    public void At_rest_statistics_are_taken_now_and_then_and_news_at_once()
    {
        ProxyStatus Status(long reads, bool ready = true) =>
            new() { Name = "p", Version = "1", Generation = 7, Ready = ready, StartedAt = Start, Traffic = new ProxyTraffic { Reads = reads } };
        (long Reads, bool Ready) Known(int second, ProxyStatus status)
        {
            _roster.Answered(Uid, status, Start.AddSeconds(second), atRest: true);
            var (known, silentFor) = _roster.Of(Uid, Start.AddSeconds(second));
            Assert.Equal(TimeSpan.Zero, silentFor);
            return (known!.Traffic.Reads, known.Ready);
        }

        Assert.Equal((1, true), Known(0, Status(1)));
        Assert.Equal((1, true), Known(5, Status(2)));
        Assert.Equal((1, true), Known(19, Status(3)));
        Assert.Equal((4, true), Known(20, Status(4)));
        Assert.Equal((5, false), Known(21, Status(5, ready: false)));
    }

    [Fact]
    public void An_answer_that_differs_in_more_than_traffic_is_news()
    {
        var known = new ProxyStatus
        {
            Name = "p", Version = "1", Generation = 7, Ready = true, StartedAt = Start,
            Members = [new MemberStatus { Uid = "m", Incarnation = "1@1", Reachable = true, ServesReads = true, Epoch = 1, MissedWrites = 0 }],
            Copies = [new CopyStatus { Id = "c", Phase = CopyPhase.Running, StartedAt = Start }],
        };
        var (member, copy) = (known.Members[0], known.Copies[0]);
        Assert.True(IsNews(known));
        Assert.False(IsNews(known with { Traffic = new ProxyTraffic { Reads = 5 } }));
        Assert.False(IsNews(known with { Members = [member with { Statistics = new MemberStatistics { CurrItems = 5 } }] }));
        ProxyStatus[] news =
        [
            known with { Generation = 8 },
            known with { Ready = false },
            known with { StartedAt = Start.AddSeconds(1) },
            known with { Members = [] },
            known with { Members = [member with { Incarnation = "2@2" }] },
            known with { Members = [member with { Reachable = false }] },
            known with { Members = [member with { MissedWrites = 1 }] },
            known with { Members = [member with { Hints = 1 }] },
            known with { Copies = [copy with { Phase = CopyPhase.Succeeded }] },
        ];
        foreach (var status in news)
        {
            Assert.True(IsNews(status));
            Assert.False(IsNews(status));
            Assert.True(IsNews(known));
        }

        bool IsNews(ProxyStatus status) => !_roster.Answered(Uid, status, Start);
    }

    private void Answer(long generation, int second, int process = 0, bool ready = true) => _roster.Answered(
        Uid,
        new ProxyStatus { Name = "p", Version = "1", Generation = generation, Ready = ready, StartedAt = Start.AddSeconds(process) },
        Start.AddSeconds(second));
}
