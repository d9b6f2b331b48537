namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Takes from the target what the source does not hold: leftovers of an attempt that ended before it had verified
/// its last copies, which nobody would look at again.
/// </summary>
/// <param name="clockShift">Seconds that the target's clock is ahead of the source's.</param>
internal sealed class Sweep(ItemInspector source, ItemRevoker revoker, CopyLimits limits, CopyProgress progress, long clockShift)
{
    /// <summary>A client's remaining seconds begin at each member's own tick, so replicas differ by this without having missed anything.</summary>
    private const long ReplicaToleranceSeconds = 3;

    private readonly CopyBatch _batch = new();

    /// <param name="band">Keys of a dump of the target.</param>
    public async Task RunAsync(KeyBand band)
    {
        foreach (var run in band.Batches(limits.BatchItems, long.MaxValue))
        {
            band.CopyTo(_batch, run, CopyItemState.Stored);
            await source.InspectAsync(_batch, CopyItemState.Stored);
            foreach (ref var item in _batch.Items)
            {
                var expiry = item.Expiry == 0 ? 0 : item.Expiry - clockShift;
                item.State = item.Held.Is(item.Version, expiry, ReplicaToleranceSeconds) ? CopyItemState.Verified : CopyItemState.Outdated;
            }

            progress.AddRevoked(await revoker.RevokeAsync(_batch));
        }
    }
}
