namespace CacheOperator.Proxy.WarmUp;

/// <summary>Looks for what the source lists and the target lacks, or holds in an older version.</summary>
internal sealed class Comparison(ItemInspector source, ItemInspector target, ItemRevoker revoker, CopyRounds rounds, Pace pace, CopyLimits limits)
{
    private readonly CopyBatch _batch = new();

    /// <summary>Copies what is lacking; returns how many items that was, with those that cannot be copied.</summary>
    /// <param name="band">Keys of a dump of the source.</param>
    /// <param name="cancellationToken">Ends the waiting for the pace.</param>
    public async Task<long> RepairAsync(KeyBand band, CancellationToken cancellationToken)
    {
        var found = band.Unnameable;
        foreach (var run in band.Batches(limits.BatchItems, limits.BatchBytes))
        {
            var bytes = band.CopyTo(_batch, run, CopyItemState.Listed);
            var lacking = await LookAsync();
            if (lacking == 0)
                continue;
            await RevokeOlderAsync();
            await pace.SpendAsync(lacking, bytes * lacking / _batch.Count, cancellationToken);
            await rounds.CopyAsync(_batch);
            await rounds.SettleAsync(_batch);
            found += lacking - _batch.CountOf(CopyItemState.Gone);
        }

        return found;
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
