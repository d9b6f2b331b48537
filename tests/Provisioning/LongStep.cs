using System.Diagnostics;

namespace CacheOperator.Provisioning;

/// <summary>Says that something long has begun, that it is still going on, and how long it took.</summary>
public static class LongStep
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(string what, Func<Task> work, IProgress<string>? progress)
    {
        ArgumentNullException.ThrowIfNull(work);
        progress?.Report($"{what} ...");
        var watch = Stopwatch.StartNew();
        var task = work();
        while (await Task.WhenAny(task, Task.Delay(Interval)) != task)
        {
            progress?.Report($"{what} ... {Format(watch.Elapsed)}");
        }

        await task;
        progress?.Report($"{what}: done in {Format(watch.Elapsed)}");
    }

    internal static string Format(TimeSpan elapsed) =>
        elapsed.TotalMinutes >= 1 ? $"{(int)elapsed.TotalMinutes}m{elapsed.Seconds:00}s" : $"{elapsed.TotalSeconds:0}s";
}
