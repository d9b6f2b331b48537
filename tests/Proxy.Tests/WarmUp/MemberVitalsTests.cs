using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class MemberVitalsTests
{
    [Fact]
    public void What_matters_of_the_statistics_is_taken()
    {
        var vitals = Of("STAT pid 7", "STAT uptime 90", "STAT time 1700000090", "STAT version 1.6.38", "STAT curr_items 12", "STAT lru_maintainer_juggles 3");
        Assert.Equal(new MemberVitals(Pid: 7, Time: 1_700_000_090, Uptime: 90, Items: 12) { MaintainerRounds = 3 }, vitals);
        Assert.Equal("7@1700000000", vitals.Incarnation);
    }

    [Fact]
    public void Without_an_LRU_maintainer_there_are_no_rounds() => Assert.Null(Of("STAT pid 7", "STAT curr_items 12").MaintainerRounds);

    private static MemberVitals Of(params string[] lines) =>
        lines.Aggregate(default(MemberVitals), (vitals, line) => vitals.With(Encoding.ASCII.GetBytes(line)));
}
