namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Takes from the target what the source does not hold: copies that were overtaken, and leftovers of an attempt that ended
/// before it had verified its own.
/// </summary>
/// <param name="clockShift">Seconds that the target's clock is ahead of the source's.</param>
internal sealed class Sweep(ItemInspector source, ItemRevoker revoker, CopyLimits limits, CopyProgress progress, long clockShift)
{
    /// <summary>A client's remaining seconds begin at each member's own tick, so replicas differ by this without having missed anything.</summary>
    public const long ReplicaToleranceSeconds = 3;

    /// <summary>Clocks are read in whole seconds.</summary>
    public const long TickSeconds = 1;

    private readonly CopyBatch _batch = new();

    /// <param name="band">Keys of a dump of the target.</param>
    /// <param name="toleranceSeconds">By how much expiries may differ.</param>
    public async Task RunAsync(KeyBand band, long toleranceSeconds)
    {
        foreach (var run in band.Batches(limits.BatchItems, long.MaxValue))
        {
            band.CopyTo(_batch, run, CopyItemState.Stored);
            await source.InspectAsync(_batch, CopyItemState.Stored);
            foreach (ref var item in _batch.Items)
            {
                var expiry = item.Expiry == 0 ? 0 : item.Expiry - clockShift;
                item.State = item.Held.Is(item.Version, expiry, toleranceSeconds) ? CopyItemState.Verified : CopyItemState.Outdated;
            }

            progress.AddRevoked(await revoker.RevokeAsync(_batch));
        }
    }
}
