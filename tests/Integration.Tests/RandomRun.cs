using System.Globalization;

namespace CacheOperator.Integration.Tests;

/// <summary>
/// What random tests begin with: <c>TEST_SEED</c> repeats a run (as far as timing lets it), <c>TEST_SECONDS</c> makes it as long as wanted.
/// </summary>
internal static class RandomRun
{
    /// <summary>The seed, told to the test's output.</summary>
    public static int Seed(ITestOutputHelper output)
    {
        var seed = Number("TEST_SEED") ?? Random.Shared.Next();
        output.WriteLine($"TEST_SEED={seed}");
        return seed;
    }

    public static TimeSpan Length(int defaultSeconds) => TimeSpan.FromSeconds(Number("TEST_SECONDS") ?? defaultSeconds);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
