namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Lists a member's items. The walk over the hash table (<c>hash</c>) names every item that is there throughout exactly
/// once; the walk over the LRU lists (<c>all</c>) misses those that the LRU maintainer moves meanwhile.
/// </summary>
internal sealed class MetaDump(BulkLink link, CopyLimits limits, TimeProvider time, LotShare? share = null)
{
    /// <summary>Received at a time beside clients. memcached before 1.6.44 garbles a listing of which it could not send anything for a second; this leaves it far from that.</summary>
    private const int GentlePiece = 8 * 1024;

    /// <summary>How far the crawler may be ahead then: with more room, it works without a pause until that is full, while clients wait for its processor.</summary>
    private const int GentleAhead = 16 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private bool _isGentle;

    /// <summary>Lists them, on a thread of its own.</summary>
    /// <exception cref="CopyException">The crawler is switched off, stays taken, or the member went away.</exception>
    public Task RunAsync(IDumpSink sink, CancellationToken stopped) =>
        Task.Factory.StartNew(() => Run(sink, stopped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Lists the member as often as it takes to see all of its keys a bounded number at a time, the hottest first.</summary>
    /// <param name="band">Holds them; its memory is used for one part after the other.</param>
    /// <param name="filter">Which keys.</param>
    /// <param name="horizon">What expires before this is left out; see <see cref="ListingScope"/>.</param>
    /// <param name="work">What is done with each part.</param>
    /// <param name="stopped">Ends it.</param>
    public async Task ForEachBandAsync(KeyBand band, KeyFilter filter, long horizon, Func<KeyBand, Task> work, CancellationToken stopped)
    {
        band.Reset();
        do
        {
            await RunAsync(new ListingScope(filter, horizon, band), stopped);
            await work(band);
        }
        while (band.TryMoveOn());
    }

    private void Run(IDumpSink sink, CancellationToken stopped)
    {
        var deadline = time.GetUtcNow() + limits.CrawlerPatience;
        for (var pause = FirstPause; !TryRun(sink, stopped); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (time.GetUtcNow() >= deadline)
                throw link.Faults.Failure($"has had its LRU crawler taken by others for {limits.CrawlerPatience.TotalSeconds:0} s");
            stopped.Wait(pause);
        }
    }

    /// <summary>False: the crawler is at work for someone else, or the hash table is growing; nothing was listed.</summary>
    private bool TryRun(IDumpSink sink, CancellationToken stopped)
    {
        FollowClients();
        link.Write("lru_crawler metadump hash\r\n"u8);
        link.Flush();
        while (true)
        {
            while (link.TryTakeLine(out var line))
            {
                if (DumpEntry.TryParse(line, out var entry))
                    sink.Add(entry);
                else if (line.SequenceEqual("END"u8))
                    return true;
                else if (line.StartsWith("BUSY"u8) || line.StartsWith("ERROR locked"u8))
                    return false;
                else if (!line.SequenceEqual("OK"u8)) // memcached 1.6.43 and later begin with it.
                    throw link.Faults.Unexpected(line);
            }

            // Always: a reader that waits in the kernel is woken for every 16 lines, which takes the crawler longer than to write them.
            var isGentle = FollowClients();
            stopped.Wait(isGentle ? Pace.Rest : Pause);
            link.Receive(isGentle ? GentlePiece : BulkLink.ReceiveBytes);
        }
    }

    /// <summary>Whether clients use the member.</summary>
    private bool FollowClients()
    {
        var isGentle = share?.Invoke() < 1;
        if (isGentle != _isGentle)
            link.LimitAhead(isGentle ? GentleAhead : BulkLink.ReceiveBytes);
        return _isGentle = isGentle;
    }
}
