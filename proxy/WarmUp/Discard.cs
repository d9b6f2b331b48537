namespace CacheOperator.Proxy.WarmUp;

/// <summary>Empties a member so that everything stored before is gone and nothing stored after is lost.</summary>
internal static class Discard
{
    // Of two rounds that begin one after the other, the second has seen everything that was there before the first.
    private const int WholeRound = 2;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <remarks>
    /// <para>
    /// memcached compares whole seconds: a plain <c>flush_all</c> goes by the second before, so what the present second has touched is a
    /// matter of luck. With a delay of one it goes by the present second, whatever is stored in it later included; once
    /// the member's clock shows the next one, what is stored stays.
    /// </para>
    /// <para>
    /// That a cold item was read is noted by the LRU maintainer, up to a second later and as if it had been read then
    /// (<c>lru_bump_async</c>): read just before the flush, it would survive. After a whole round of the maintainer nothing
    /// is left to be noted, as nothing that was flushed can be read; a second flush finds the rest.
    /// </para>
    /// </remarks>
    public static async Task RunAsync(MemberLink target, TimeProvider time, CancellationToken cancellationToken)
    {
        var before = await FlushAsync(target);
        if (before.MaintainerRounds is { } rounds)
        {
            await UntilAsync(target, vitals => vitals.MaintainerRounds >= rounds + WholeRound, time, cancellationToken);
            before = await FlushAsync(target);
        }

        await UntilAsync(target, vitals => vitals.Time > before.Time, time, cancellationToken);
    }

    private static async Task<MemberVitals> FlushAsync(MemberLink target)
    {
        await target.SendAsync("flush_all 1\r\n"u8.ToArray());
        await target.ExpectAsync("OK");
        return await target.AskVitalsAsync();
    }

    private static async Task UntilAsync(MemberLink target, Func<MemberVitals, bool> isSo, TimeProvider time, CancellationToken cancellationToken)
    {
        while (!isSo(await target.AskVitalsAsync())) await Task.Delay(Poll, time, cancellationToken);
    }
}
