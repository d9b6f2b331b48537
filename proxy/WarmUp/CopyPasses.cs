namespace CacheOperator.Proxy.WarmUp;

/// <summary>Copies any number of keys in bounded memory: each pass lists the source and copies the hottest that are left, partly while it is listed, then those of the band.</summary>
/// <param name="band">Holds what waits for the end of a listing.</param>
/// <param name="dump">Lists the source.</param>
/// <param name="bulk">Copies.</param>
/// <param name="share">Less than 1 beside clients of the source.</param>
/// <param name="progress">Told of keys that need no work; those that are copied, <paramref name="bulk"/> counts.</param>
internal sealed class CopyPasses(KeyBand band, MetaDump dump, BulkCopy bulk, LotShare share, CopyProgress progress)
{
    /// <summary>Which part of the keys counts as the hottest, which go before all others.</summary>
    private const double HotShare = 0.2;

    private readonly HotLane _lane = new(band, share);

    /// <param name="all">Which keys are to be on the target in the end.</param>
    /// <param name="wanted">Which of them have to be copied for that.</param>
    /// <param name="items">About how many keys there are.</param>
    /// <param name="horizon">See <see cref="ListingScope"/>.</param>
    /// <param name="stopped">Ends it.</param>
    public async Task RunAsync(KeyFilter all, KeyFilter wanted, long items, long horizon, CancellationToken stopped)
    {
        var done = 0L;
        bool WantedOrDone(ReadOnlySpan<byte> key)
        {
            if (!all(key))
                return false;
            if (wanted(key))
                return true;
            done++;
            return false;
        }

        band.Reset();
        await RunPassAsync(WantedOrDone, items, HotShare, horizon, stopped);
        progress.AddProcessed(done);
        for (var left = items - done; ;)
        {
            left -= _lane.Taken + band.Count;
            if (!band.TryMoveOn())
                return;
            await RunPassAsync(wanted, left, 1, horizon, stopped);
        }
    }

    private async Task RunPassAsync(KeyFilter wanted, long items, double hotShare, long horizon, CancellationToken stopped)
    {
        _lane.Begin(items, hotShare);
        var copying = bulk.RunAsync(_lane, stopped);
        try
        {
            await dump.RunAsync(new ListingScope(wanted, horizon, _lane), stopped);
            _lane.AddRest();
        }
        finally
        {
            _lane.Complete();
            await copying;
        }
    }
}
