namespace CacheOperator.Proxy.WarmUp;

/// <summary>Deletes keys from one member, each only in the version that was listed.</summary>
internal sealed class KeyRemoval(ItemRevoker revoker, CopyLimits limits, CopyProgress progress)
{
    private readonly CopyBatch _batch = new();

    /// <summary>Returns how many keys there were.</summary>
    public async Task<int> RunAsync(KeyBand band, CancellationToken stopped)
    {
        foreach (var run in band.Batches(limits.BatchItems, long.MaxValue))
        {
            stopped.ThrowIfCancellationRequested();
            band.CopyTo(_batch, run, CopyItemState.Outdated);
            progress.AddRevoked(await revoker.RevokeAsync(_batch));
        }

        return band.Count;
    }
}
