using System.Diagnostics;

namespace CacheOperator.Integration.Tests.Memcached;

internal static class Deadline
{
    /// <summary>For what takes a moment, on a machine that may be very busy.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the condition holds; fails the test, saying what was waited for and what was seen last, when it does not in time.</summary>
    public static async Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> condition, Func<string>? seen = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
                Assert.Fail($"not within {limit.TotalSeconds:0} s: {what}{(seen is null ? "" : $"; seen last: {seen()}")}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
