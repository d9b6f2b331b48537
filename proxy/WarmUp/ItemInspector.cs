namespace CacheOperator.Proxy.WarmUp;

/// <summary>Asks a member what it holds under the keys of a batch, without values and without the member taking note of the reads.</summary>
/// <param name="member">A connection that nothing else uses meanwhile.</param>
/// <param name="clients">Of the member; told what is asked for here.</param>
internal sealed class ItemInspector(MemberLink member, ClientTraffic? clients = null)
{
    /// <summary>Fills in <see cref="CopyItem.Held"/> of the items in <paramref name="state"/>.</summary>
    public async Task InspectAsync(CopyBatch batch, CopyItemState state)
    {
        var count = batch.CountOf(state);
        if (count == 0)
            return;
        clients?.CountOwn(count);
        var sending = member.SendAsync(WriteRequest(batch, state));
        var now = (await member.ReadVitalsAsync()).Time;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Items[i].State != state)
                continue;
            while (!TryTakeLine(ref batch.Items[i], now))
                await member.ReceiveAsync();
        }

        await sending;
        await RefetchToken.GiveBackAsync(member, batch);
    }

    private static ReadOnlyMemory<byte> WriteRequest(CopyBatch batch, CopyItemState state)
    {
        batch.Request.ResetWrittenCount();
        batch.Request.Append("stats\r\n"u8);
        foreach (ref var item in batch.Items)
        {
            if (item.State != state)
                continue;
            batch.AppendCommand("mg "u8, item);
            batch.Request.Append(" t c s u\r\n"u8);
        }

        return batch.Request.WrittenMemory;
    }

    private bool TryTakeLine(ref CopyItem item, long now)
    {
        if (!member.TryReadLine(out var text))
            return false;
        if (!ItemLine.TryParse(text, out var line))
            throw member.Unexpected(text);
        item.TokenVersion = line.WonToken ? line.Version : 0;
        item.Held = new HeldItem(line.Version, line.ExpiryAt(now), line.Size, line.Stale);
        return true;
    }
}
