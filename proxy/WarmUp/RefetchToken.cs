namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// memcached tells the first reader of an invalidated item to refetch it, and a copy is a reader too. So that the
/// clients do not wait for one that never will, the item is invalidated again as it was: same version, same expiry.
/// </summary>
internal static class RefetchToken
{
    public static async ValueTask GiveBackAsync(MemberLink member, CopyBatch batch)
    {
        batch.Request.ResetWrittenCount();
        var count = 0;
        foreach (ref var item in batch.Items)
        {
            if (item.TokenVersion == 0)
                continue;
            count++;
            batch.AppendCommand("md "u8, item);
            batch.Request.Append(" I C"u8);
            batch.Request.Append(item.TokenVersion);
            batch.Request.Append(" E"u8);
            batch.Request.Append(item.TokenVersion);
            batch.Request.Append("\r\n"u8);
            item.TokenVersion = 0;
        }

        if (count == 0)
            return;
        await member.SendAsync(batch.Request.WrittenMemory);
        for (; count > 0; count--)
            await member.SkipLineAsync();
    }
}
