namespace CacheOperator.Proxy.WarmUp;

/// <summary>Empties a member so that everything stored before is gone and nothing stored after is lost.</summary>
internal static class Discard
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <remarks>
    /// memcached compares whole seconds: a plain <c>flush_all</c> goes by the second before, so what the present second has touched is a
    /// matter of luck. With a delay of one it goes by the present second, whatever is stored in it later included; once
    /// the member's clock shows the next one, what is stored stays.
    /// </remarks>
    public static async Task RunAsync(MemberLink target, TimeProvider time, CancellationToken cancellationToken)
    {
        await target.SendAsync("flush_all 1\r\n"u8.ToArray());
        await target.ExpectAsync("OK");
        var flushed = (await target.AskVitalsAsync()).Time;
        while ((await target.AskVitalsAsync()).Time <= flushed)
            await Task.Delay(Poll, time, cancellationToken);
    }
}
