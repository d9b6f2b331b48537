namespace CacheOperator.Proxy.WarmUp;

/// <summary>Looks for what the source lists and the target lacks, or holds in an older version.</summary>
internal sealed class Comparison(ItemInspector source, ItemInspector target, ItemRevoker revoker, CopyRounds rounds, CopyLimits limits)
{
    private readonly CopyBatch _batch = new();

    /// <summary>Copies what is lacking; returns how many items that was.</summary>
    /// <param name="band">Keys of a dump of the source.</param>
    public async Task<long> RepairAsync(KeyBand band)
    {
        var repaired = 0L;
        foreach (var run in band.Batches(limits.BatchItems, limits.BatchBytes))
        {
            band.CopyTo(_batch, run, CopyItemState.Listed);
            if (await LookAsync() == 0)
                continue;
            await RevokeOlderAsync();
            var lacking = _batch.CountOf(CopyItemState.Listed);
            await rounds.CopyAsync(_batch);
            await rounds.SettleAsync(_batch);
            repaired += lacking - _batch.CountOf(CopyItemState.Gone);
        }

        return repaired;
    }

    /// <summary>Counts what is lacking although the source still holds it as it was listed.</summary>
    public async Task<long> CountAsync(KeyBand band)
    {
        var missing = band.Unnameable;
        foreach (var run in band.Batches(limits.BatchItems, long.MaxValue))
        {
            band.CopyTo(_batch, run, CopyItemState.Listed);
            if (await LookAsync() == 0)
                continue;
            await source.InspectAsync(_batch, CopyItemState.Listed);
            foreach (ref var item in _batch.Items)
            {
                if (item.State == CopyItemState.Listed && (item.Held.Stale || item.Held.Version != item.Version))
                    item.State = CopyItemState.Gone;
            }

            // A write on its way has arrived by the second look.
            missing += await LookAsync();
        }

        return missing;
    }

    /// <summary>Leaves <see cref="CopyItemState.Listed"/> what the target lacks, and returns how many items that is.</summary>
    private async Task<int> LookAsync()
    {
        await target.InspectAsync(_batch, CopyItemState.Listed);
        foreach (ref var item in _batch.Items)
        {
            if (item.State == CopyItemState.Listed && item.Held.Version >= item.Version)
                item.State = CopyItemState.Present;
        }

        return _batch.CountOf(CopyItemState.Listed);
    }

    private async Task RevokeOlderAsync()
    {
        foreach (ref var item in _batch.Items)
        {
            if (item.State == CopyItemState.Listed && item.Held.Exists)
                (item.State, item.Version) = (CopyItemState.Outdated, item.Held.Version);
        }

        await revoker.RevokeAsync(_batch);
        foreach (ref var item in _batch.Items)
        {
            if (item.State == CopyItemState.Outdated)
                item.State = CopyItemState.Listed;
        }
    }
}
