using System.Diagnostics;

namespace CacheOperator.Operator.Tests.Runtime.Support;

internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Waits until the condition holds, and fails with what was waited for if it never does.</summary>
    /// <param name="between">Run before every further look: moves a fake clock on, for example.</param>
    public static Task True(Func<bool> condition, string what, Action? between = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, between);

    /// <inheritdoc cref="True"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Action? between = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"not within {Deadline.TotalSeconds} s: {what}");
            between?.Invoke();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
