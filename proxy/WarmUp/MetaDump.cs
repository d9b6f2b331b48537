using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Lists a member's items, over a connection of its own. The walk over the hash table (<c>hash</c>) names every item that is there throughout exactly
/// once; the walk over the LRU lists (<c>all</c>) misses those that the LRU maintainer moves meanwhile.
/// </summary>
internal sealed class MetaDump : IDisposable
{
    /// <summary>Received at a time beside clients. memcached before 1.6.44 garbles a listing of which it could not send anything for a second; this leaves it far from that.</summary>
    private const int GentlePiece = 8 * 1024;

    /// <summary>How far the crawler may be ahead then: with more room, it works without a pause until that is full, while clients wait for its processor.</summary>
    private const int GentleAhead = 16 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly BulkLink _link;
    private readonly CopyLimits _limits;
    private readonly TimeProvider _time;
    private readonly LotShare? _share;
    private bool _isGentle;

    private MetaDump(BulkLink link, CopyLimits limits, TimeProvider time, LotShare? share) => (_link, _limits, _time, _share) = (link, limits, time, share);

    /// <param name="role">What the member is to the work, for error messages.</param>
    /// <param name="member">The member, with an address.</param>
    /// <param name="limits">How patient it is.</param>
    /// <param name="time">Clock of its patience with the crawler.</param>
    /// <param name="share">Less than 1 beside clients of the member; null: never.</param>
    /// <param name="stopped">Ends every wait.</param>
    /// <exception cref="CopyException">It cannot be reached, or is another process than the topology names.</exception>
    public static async Task<MetaDump> ConnectAsync(string role, Member member, CopyLimits limits, TimeProvider time, LotShare? share, CancellationToken stopped) =>
        new(await BulkLink.ConnectAsync(role, member, limits, stopped, isForListing: true), limits, time, share);

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

    public void Dispose() => _link.Dispose();

    private void Run(IDumpSink sink, CancellationToken stopped)
    {
        var deadline = _time.GetUtcNow() + _limits.CrawlerPatience;
        for (var pause = FirstPause; !TryRun(sink, stopped); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (_time.GetUtcNow() >= deadline)
                throw _link.Faults.Failure($"has had its LRU crawler taken by others for {_limits.CrawlerPatience.TotalSeconds:0} s");
            stopped.Wait(pause);
        }
    }

    /// <summary>False: the crawler is at work for someone else, or the hash table is growing; nothing was listed.</summary>
    private bool TryRun(IDumpSink sink, CancellationToken stopped)
    {
        FollowClients();
        _link.Write("lru_crawler metadump hash\r\n"u8);
        _link.Flush();
        while (true)
        {
            while (_link.TryTakeLine(out var line))
            {
                if (DumpEntry.TryParse(line, out var entry))
                    sink.Add(entry);
                else if (line.SequenceEqual("END"u8))
                    return true;
                else if (line.StartsWith("BUSY"u8) || line.StartsWith("ERROR locked"u8))
                    return false;
                else if (!line.SequenceEqual("OK"u8)) // memcached 1.6.43 and later begin with it.
                    throw _link.Faults.Unexpected(line);
            }

            // Always: a reader that waits in the kernel is woken for every 16 lines, which takes the crawler longer than to write them.
            var isGentle = FollowClients();
            stopped.Wait(isGentle ? Pace.Rest : Pause);
            _link.Receive(isGentle ? GentlePiece : BulkLink.ReceiveBytes);
        }
    }

    /// <summary>Whether clients use the member.</summary>
    private bool FollowClients()
    {
        var isGentle = _share?.Invoke() < 1;
        if (isGentle != _isGentle)
            _link.LimitAhead(isGentle ? GentleAhead : BulkLink.ReceiveBytes);
        return _isGentle = isGentle;
    }
}
