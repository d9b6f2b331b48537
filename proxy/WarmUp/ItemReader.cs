namespace CacheOperator.Proxy.WarmUp;

/// <summary>Reads items with their values from the source and turns them into store commands for the target.</summary>
/// <param name="source">A connection that nothing else uses meanwhile.</param>
/// <param name="clockShift">Seconds that the target's clock is ahead of the source's.</param>
/// <param name="clients">Of the source; told what is asked for here.</param>
internal sealed class ItemReader(MemberLink source, long clockShift, ClientTraffic? clients = null)
{
    /// <summary>Within this a remaining time and an expiry in the dump mean the same second: clocks tick between two replies.</summary>
    private const long TickSeconds = 1;

    /// <summary>Reads the items that are <see cref="CopyItemState.Listed"/>: they are <see cref="CopyItemState.Read"/> or <see cref="CopyItemState.Gone"/> then.</summary>
    public async Task ReadAsync(CopyBatch batch)
    {
        batch.ResetPayload();
        clients?.CountOwn(batch.CountOf(CopyItemState.Listed));
        // Not awaited yet: the replies may be too large for a member that is not being read from.
        var sending = source.SendAsync(WriteRequest(batch));
        // The clock comes with every batch: what is left of an item's life only means something together with it.
        var now = (await source.ReadVitalsAsync()).Time;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Items[i].State != CopyItemState.Listed)
                continue;
            int valueLength;
            while (!TryTakeLine(batch, i, now, out valueLength))
                await source.ReceiveAsync();
            if (valueLength < 0)
                continue;
            await source.ReadExactlyAsync(batch.Payload.GetMemory(valueLength + 2)[..(valueLength + 2)]);
            if (batch.Items[i].State == CopyItemState.Read)
                batch.Payload.Advance(valueLength + 2);
        }

        await sending;
        await RefetchToken.GiveBackAsync(source, batch);
    }

    private static ReadOnlyMemory<byte> WriteRequest(CopyBatch batch)
    {
        batch.Request.ResetWrittenCount();
        batch.Request.Append("stats\r\n"u8);
        foreach (ref var item in batch.Items)
        {
            if (item.State != CopyItemState.Listed)
                continue;
            batch.AppendCommand("mg "u8, item);
            // A key that had to be written as base64 is not asked for: its reply could hold blanks.
            batch.Request.Append(item.Base64 ? " v f t c u\r\n"u8 : " v f t c u k\r\n"u8);
        }

        return batch.Request.WrittenMemory;
    }

    private bool TryTakeLine(CopyBatch batch, int index, long now, out int valueLength)
    {
        valueLength = -1;
        if (!source.TryReadLine(out var text))
            return false;
        if (!ItemLine.TryParse(text, out var line))
            throw source.Unexpected(text);
        ref var item = ref batch.Items[index];
        valueLength = line.ValueLength;
        item.TokenVersion = line.WonToken ? line.Version : 0;
        if (line.ValueLength < 0 || line.Stale)
        {
            // What a client has marked to be refetched is not worth a copy.
            item.State = CopyItemState.Gone;
            return true;
        }

        if (line.Version == 0)
            throw source.Failure("keeps no versions: it must not run with -C");
        if (line.Key.Length > 0)
            batch.Rename(ref item, line.Key, line.KeyIsBase64);
        var expiry = line.ExpiryAt(now);
        if (Math.Abs(expiry - item.Expiry) > TickSeconds || (expiry == 0) != (item.Expiry == 0))
            item.Expiry = expiry;
        (item.Version, item.ValueLength, item.State) = (line.Version, line.ValueLength, CopyItemState.Read);
        AppendStore(batch, item, line);
        return true;
    }

    private void AppendStore(CopyBatch batch, in CopyItem item, in ItemLine line)
    {
        var payload = batch.Payload;
        payload.Append("ms "u8);
        payload.Append(batch.KeyOf(item));
        payload.Append(" "u8);
        payload.Append((long)line.ValueLength);
        if (item.Base64)
            payload.Append(" b"u8);
        if (item.Replaces != 0)
        {
            payload.Append(" C"u8);
            payload.Append(item.Replaces);
        }
        else
        {
            payload.Append(" ME"u8);
        }

        payload.Append(" T"u8);
        // Always a Unix time: remaining seconds would lose the part of a second that passes, and are capped at 30 days.
        payload.Append(item.Expiry == 0 ? 0 : item.Expiry + clockShift);
        payload.Append(" F"u8);
        payload.Append((ulong)line.ClientFlags);
        payload.Append(" E"u8);
        payload.Append(line.Version);
        payload.Append("\r\n"u8);
    }
}
