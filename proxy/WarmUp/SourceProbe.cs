namespace CacheOperator.Proxy.WarmUp;

/// <summary>Asks a source again and again for nothing, as its clients would feel it, and now and then how much it is used.</summary>
/// <param name="source">A connection that nothing else uses.</param>
/// <param name="clients">Gets what the source counts.</param>
/// <param name="backoff">Gets the round trips.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceProbe(MemberLink source, ClientTraffic clients, Backoff backoff, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(1);
    private static readonly byte[] Request = "mn\r\n"u8.ToArray();

    /// <summary>Does what is done beside a member's clients, and observes it meanwhile.</summary>
    /// <param name="member">A connection that nothing else uses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">Gets who else is there, and how much it may ask for.</param>
    /// <exception cref="CopyException">The member does not answer any more.</exception>
    public static async Task<T> DuringAsync<T>(MemberLink member, TimeProvider time, Func<ClientTraffic, Backoff, Task<T>> work)
    {
        var clients = new ClientTraffic(time);
        var backoff = new Backoff(clients);
        var probe = new SourceProbe(member, clients, backoff, time);
        await probe.CalibrateAsync();
        return await probe.DuringAsync(() => work(clients, backoff));
    }

    /// <summary>Learns what is usual while there is no copy yet.</summary>
    public async Task CalibrateAsync()
    {
        await CountAsync();
        for (var i = 0; i < Backoff.Window; i++)
        {
            await AskAsync();
            await Task.Delay(FirstInterval, time);
        }

        await CountAsync();
    }

    /// <summary>Observes for as long as the work takes.</summary>
    /// <exception cref="CopyException">The source does not answer any more.</exception>
    public async Task<T> DuringAsync<T>(Func<Task<T>> work)
    {
        using var ended = new CancellationTokenSource();
        var asking = AskUntilAsync(ended.Token);
        try
        {
            return await work();
        }
        finally
        {
            await ended.CancelAsync();
            await asking;
        }
    }

    private async Task AskUntilAsync(CancellationToken ended)
    {
        for (var asked = 1; !ended.IsCancellationRequested; asked++)
        {
            await AskAsync();
            if (asked % Backoff.Window == 0) await CountAsync();
            await Task.Delay(Interval, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync()
    {
        var asked = time.GetTimestamp();
        await source.SendAsync(Request);
        await source.ExpectAsync("MN");
        backoff.Observe(time.GetElapsedTime(asked));
    }

    private async Task CountAsync() => clients.Observe((await source.AskVitalsAsync()).Commands);
}
