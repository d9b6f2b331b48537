namespace CacheOperator.Proxy.WarmUp;

/// <summary>Deletes items from the target, each only if it still is in the version that the batch says: a newer write stays.</summary>
internal sealed class ItemRevoker(MemberLink target)
{
    /// <summary>Deletes the items that are <see cref="CopyItemState.Outdated"/> and leaves their state so; returns how many were there to delete.</summary>
    public async Task<int> RevokeAsync(CopyBatch batch)
    {
        batch.Request.ResetWrittenCount();
        foreach (ref var item in batch.Items)
        {
            if (item.State != CopyItemState.Outdated)
                continue;
            batch.AppendCommand("md "u8, item);
            batch.Request.Append(" C"u8);
            batch.Request.Append(item.Version);
            batch.Request.Append("\r\n"u8);
        }

        if (batch.Request.WrittenCount == 0)
            return 0;
        await target.SendAsync(batch.Request.WrittenMemory);
        var revoked = 0;
        for (var remaining = batch.CountOf(CopyItemState.Outdated); remaining > 0; remaining--)
        {
            while (!TryTakeReply(ref revoked))
                await target.ReceiveAsync();
        }

        return revoked;
    }

    private bool TryTakeReply(ref int revoked)
    {
        if (!target.TryReadLine(out var reply))
            return false;
        if (reply.SequenceEqual("HD"u8))
            revoked++;
        else if (!reply.SequenceEqual("EX"u8) && !reply.SequenceEqual("NF"u8))
            throw target.Unexpected(reply);
        return true;
    }
}
