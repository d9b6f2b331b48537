using CacheOperator.Integration.Tests;
using CacheOperator.Provisioning.Publishing;

namespace CacheOperator.Consistency.Tests;

/// <summary>
/// The checker at work: it finds nothing wrong while everything fails, and notices safeguards that are left out (tombstones and the order rule are missed by chance
/// only, after minutes or hardly ever: <c>make consistency-mutations</c>). <c>TEST_SECONDS</c> makes the first one as long as wanted.
/// </summary>
public sealed class ConsistencyTests(ITestOutputHelper output) : IProgress<string>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_stale_is_read_nothing_is_lost_and_members_agree_whatever_fails()
    {
        var summary = await ConsistencyRun.RunAsync(Options(Profile.Full, RandomRun.Length(defaultSeconds: 60)), this, Token);
        output.WriteLine($"{summary}");
        Assert.Empty(summary.Findings.Violations);
        Assert.True(summary.Rounds > 1, "one round after the other");
        Assert.NotEqual(0, summary.Findings.Checks.GetValueOrDefault("hits checked"));
    }

    [Theory]
    [InlineData("verification")]
    [InlineData("hints")]
    [InlineData("incarnation-check")]
    public async Task A_safeguard_that_is_left_out_is_missed(string name)
    {
        var safeguard = SafeguardNames.Parse(name);
        var options = Options(Profile.Against(safeguard), Patience) with { Without = safeguard, MaxViolations = 1 };
        var summary = await ConsistencyRun.RunAsync(options, this, Token);
        output.WriteLine($"{summary}");
        Assert.NotEmpty(summary.Findings.Violations);
    }

    void IProgress<string>.Report(string value) => output.WriteLine(value);

    private ConsistencyOptions Options(Profile profile, TimeSpan length)
    {
        var seed = RandomRun.Seed(output);
        return new ConsistencyOptions
        {
            Length = length,
            Seed = seed,
            LogFolder = Path.Combine(RepositoryRoot.Find(), "artifacts", "consistency", $"{seed}"),
            Profile = profile,
        };
    }
}
