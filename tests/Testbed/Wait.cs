using System.Diagnostics;

namespace CacheOperator.Testbed;

/// <summary>Waits for conditions, never for time.</summary>
public static class Wait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>Asks until nothing is lacking any more.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="lacking">Says what is still lacking, or null. An exception counts as lacking, too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="TimeoutException">Not in time; with what was lacking in the end.</exception>
    public static async Task<TimeSpan> UntilAsync(
        string what, TimeSpan deadline, Func<Task<string?>> lacking, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await AskAsync(lacking, cancellationToken);
            if (answer is null) return watch.Elapsed;
            if (watch.Elapsed > deadline) throw new TimeoutException($"{what}: not within {deadline.TotalSeconds:0} s; {answer}");
            await Task.Delay(Interval, cancellationToken);
        }
    }

    private static async Task<string?> AskAsync(Func<Task<string?>> lacking, CancellationToken cancellationToken)
    {
        try
        {
            return await lacking();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }
}
