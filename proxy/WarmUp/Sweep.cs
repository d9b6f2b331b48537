using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Takes from the target what the source does not hold: copies that were overtaken, what was replaced or deleted while the target missed it, and leftovers of an attempt that ended
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
    /// <param name="kept">Told what is the same on both.</param>
    public async Task RunAsync(KeyBand band, long toleranceSeconds, KeptItems? kept = null)
    {
        foreach (var run in band.Batches(limits.BatchItems, long.MaxValue))
        {
            band.CopyTo(_batch, run, CopyItemState.Stored);
            await source.InspectAsync(_batch, CopyItemState.Stored);
            for (var i = 0; i < _batch.Count; i++)
            {
                ref var item = ref _batch.Items[i];
                item.State = Judge(item, toleranceSeconds);
                if (item.State == CopyItemState.Verified) kept?.Add(band[run.Start.Value + i]);
            }

            progress.AddRevoked(await revoker.RevokeAsync(_batch));
        }
    }

    private CopyItemState Judge(in CopyItem item, long toleranceSeconds)
    {
        var expiry = item.Expiry == 0 ? 0 : item.Expiry - clockShift;
        if (item.Held.Is(item.Version, expiry, toleranceSeconds)) return CopyItemState.Verified;

        // A write that the source lacks; who compares Ready members brings it there. Where the source holds nothing, it may have been deleted.
        return item.Held.Exists && ItemVersion.IsSurelyLater(item.Version, item.Held.Version) ? CopyItemState.Present : CopyItemState.Outdated;
    }
}
