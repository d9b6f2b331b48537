using System.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class MemberVitalsTests
{
    [Fact]
    public void What_matters_of_the_statistics_is_taken()
    {
        var vitals = Of("STAT pid 7", "STAT uptime 90", "STAT time 1700000090", "STAT version 1.6.38", "STAT curr_items 12", "STAT cmd_get 5", "STAT cmd_set 20", "STAT cmd_flush 1", "STAT cmd_touch 300");
        Assert.Equal(new MemberVitals(Pid: 7, Time: 1_700_000_090, Uptime: 90, Items: 12, Commands: 325), vitals);
        Assert.Equal("7@1700000000", vitals.Incarnation);
    }

    private static MemberVitals Of(params string[] lines) =>
        lines.Aggregate(default(MemberVitals), (vitals, line) => vitals.With(Encoding.ASCII.GetBytes(line)));
}
