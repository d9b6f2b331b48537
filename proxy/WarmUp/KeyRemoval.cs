namespace CacheOperator.Proxy.WarmUp;

/// <summary>Deletes keys from one member, each only in the version that was listed.</summary>
internal sealed class KeyRemoval(ItemRevoker revoker, Pace pace, CopyLimits limits, CopyProgress progress)
{
    private const int LeastBatch = 64;

    private readonly CopyBatch _batch = new();

    /// <summary>Returns how many keys there were.</summary>
    public async Task<int> RunAsync(KeyBand band, CancellationToken stopped)
    {
        foreach (var run in band.Batches(Math.Max(LeastBatch, (int)(limits.BatchItems * pace.Share)), long.MaxValue))
        {
            await pace.SpendAsync(run.End.Value - run.Start.Value, 0, stopped);
            band.CopyTo(_batch, run, CopyItemState.Outdated);
            progress.AddRevoked(await revoker.RevokeAsync(_batch));
        }

        return band.Count;
    }
}
