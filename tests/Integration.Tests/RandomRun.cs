using System.Globalization;

namespace CacheOperator.Integration.Tests;

/// <summary>
/// What random tests begin with. <c>TEST_SECONDS</c> makes them as long as wanted, each time another one; <c>TEST_SEED</c> repeats one, as far as
/// timing lets it. Without either they are short, and choose the same every time.
/// </summary>
internal static class RandomRun
{
    private const int DefaultSeed = 20;

    /// <summary>The seed, told to the test's output.</summary>
    public static int Seed(ITestOutputHelper output)
    {
        var seed = Number("TEST_SEED") ?? (Number("TEST_SECONDS") is null ? DefaultSeed : Random.Shared.Next());
        output.WriteLine($"TEST_SEED={seed}");
        return seed;
    }

    public static TimeSpan Length(int defaultSeconds) => TimeSpan.FromSeconds(Number("TEST_SECONDS") ?? defaultSeconds);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
