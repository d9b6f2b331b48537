using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Results;
using static CacheOperator.Benchmarks.Tests.Results.ResultSamples;

namespace CacheOperator.Benchmarks.Tests.Results;

public sealed class RatioTests
{
    [Fact]
    public void Each_number_is_compared_with_the_best_of_both_peers()
    {
        var row = Row(Mix.Get, twemproxy: Run(100, 10, 300), builtIn: Run(80, 8, 200), own: Run(150, 4, 100));
        Assert.Equal(new Ratios(1.5, 0.5, 0.5), row.AgainstTheBetter());
        Assert.Equal(row.AgainstTheBetter(), row.AgainstTheSameReplication());
    }

    [Theory]
    [InlineData(nameof(Mix.Set))]
    [InlineData(nameof(Mix.OneToNine))]
    public void Where_there_are_writes_twemproxy_does_not_have_the_same_replication(string mix)
    {
        var row = Row(Enum.Parse<Mix>(mix), twemproxy: Run(300, 2, 100), builtIn: Run(100, 8, 200), own: Run(150, 4, 100));
        Assert.Equal(new Ratios(0.5, 2, 1), row.AgainstTheBetter());
        Assert.Equal(new Ratios(1.5, 0.5, 0.5), row.AgainstTheSameReplication());
    }

    [Fact]
    public void A_comparison_lacks_nobody()
    {
        Assert.Null(Row(Mix.Get, twemproxy: null, builtIn: Run(1, 1, 1), own: Run(1, 1, 1)).AgainstTheBetter());
        Assert.Null(Row(Mix.Get, twemproxy: Run(1, 1, 1), builtIn: Run(1, 1, 1), own: null).AgainstTheBetter());
    }

    [Theory]
    [InlineData(1.0, 0.9, 1.0, true)]
    [InlineData(0.99, 0.9, 1.0, false)]
    [InlineData(1.0, 0.91, 1.0, false)]
    [InlineData(1.0, 0.9, 1.01, false)]
    public void Single_requests_have_a_goal(double throughput, double cpu, double p99, bool reached) =>
        Assert.Equal(reached, Goal.Of(new Workload { Mix = Mix.Get, Clients = 1, ValueSize = 100 }).IsReachedBy(new Ratios(throughput, cpu, p99)));

    [Theory]
    [InlineData(32, 1)]
    [InlineData(1, 10)]
    public void Requests_in_groups_have_a_higher_one(int pipeline, int keysPerGet)
    {
        var goal = Goal.Of(new Workload { Mix = Mix.Get, Clients = 1, ValueSize = 100, Pipeline = pipeline, KeysPerGet = keysPerGet });
        Assert.True(goal.IsReachedBy(new Ratios(1.4, 0.5, 0.8)));
        Assert.False(goal.IsReachedBy(new Ratios(1.3, 0.5, 0.8)));
    }

    [Fact]
    public void Medians_are_taken_number_by_number()
    {
        var median = Measurement.Median([Run(100, 9, 30), Run(300, 7, 10), Run(200, 8, 20)]);
        Assert.Equal((200, 8, 20), (median.Throughput, median.CpuPerOperation, median.P99));
        Assert.Equal(150, Measurement.Median([Run(100, 1, 1), Run(200, 1, 1)]).Throughput);
    }
}
