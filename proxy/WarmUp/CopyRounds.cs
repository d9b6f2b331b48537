namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Verifies what was stored and tries again what has changed meanwhile. A copy that cannot be verified is taken back:
/// for a cache a lost copy is a miss, a stale one is a lie.
/// </summary>
/// <remarks>
/// Why this is enough: whoever changes an item does so on the source first and on the target after that. A change that
/// the copy overtook on its way to the target has therefore reached the source before the copy is verified there.
/// </remarks>
internal sealed class CopyRounds(ItemReader reader, ItemWriter writer, ItemInspector source, ItemRevoker revoker, CopyLimits limits, CopyProgress progress)
{
    private const long TickSeconds = 1;

    /// <summary>Verifies the items that are <see cref="CopyItemState.Stored"/>; those that keep changing stay <see cref="CopyItemState.Outdated"/>.</summary>
    public async Task SettleAsync(CopyBatch batch)
    {
        for (var round = 1; ; round++)
        {
            await source.InspectAsync(batch, CopyItemState.Stored);
            Judge(batch, limits.Safeguards.Verification);
            if (batch.CountOf(CopyItemState.Outdated) == 0)
                return;
            progress.AddRevoked(await revoker.RevokeAsync(batch));
            if (round == limits.Rounds)
                return;
            foreach (ref var item in batch.Items)
            {
                if (item.State == CopyItemState.Outdated)
                    item.State = CopyItemState.Listed;
            }

            await CopyAsync(batch);
        }
    }

    /// <summary>Reads and stores the items that are <see cref="CopyItemState.Listed"/>, without verifying them.</summary>
    public async Task CopyAsync(CopyBatch batch)
    {
        await reader.ReadAsync(batch);
        await writer.WriteAsync(batch);
    }

    private static void Judge(CopyBatch batch, bool isVerified)
    {
        foreach (ref var item in batch.Items)
        {
            if (item.State == CopyItemState.Stored)
                item.State = !isVerified || item.Held.Is(item.Version, item.Expiry, TickSeconds) ? CopyItemState.Verified : CopyItemState.Outdated;
        }
    }
}
