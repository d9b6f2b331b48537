using System.Text;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Stores what was read on the target, where nothing is held under the key yet, or what it is to replace.</summary>
internal sealed class ItemWriter(MemberLink target, CopyProgress progress)
{
    /// <summary>What the target said when it last refused an item.</summary>
    public string? LastRefusal { get; private set; }

    /// <summary>Stores the items that are <see cref="CopyItemState.Read"/>: they are Stored, Present, Vanished or Refused then.</summary>
    public async Task WriteAsync(CopyBatch batch)
    {
        if (batch.Payload.WrittenCount == 0)
            return;
        await target.SendAsync(batch.Payload.WrittenMemory);
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Items[i].State != CopyItemState.Read)
                continue;
            while (!TryTakeReply(ref batch.Items[i]))
                await target.ReceiveAsync();
        }

        CountStored(batch);
    }

    private void CountStored(CopyBatch batch)
    {
        long items = 0, bytes = 0;
        foreach (ref var item in batch.Items)
        {
            if (item.State == CopyItemState.Stored)
                (items, bytes) = (items + 1, bytes + item.ValueLength);
        }

        progress.AddCopied(items, bytes);
    }

    private bool TryTakeReply(ref CopyItem item)
    {
        if (!target.TryReadLine(out var reply))
            return false;
        if (reply.SequenceEqual("HD"u8))
        {
            item.State = CopyItemState.Stored;
        }
        else if (reply.SequenceEqual("NS"u8) || reply.SequenceEqual("EX"u8))
        {
            item.State = CopyItemState.Present;
        }
        else if (reply.SequenceEqual("NF"u8))
        {
            item.State = CopyItemState.Vanished;
        }
        else if (reply.StartsWith("SERVER_ERROR "u8))
        {
            // Too large for it, or no memory left in that size class: it holds nothing, as after an eviction.
            item.State = CopyItemState.Refused;
            LastRefusal = Encoding.ASCII.GetString(reply);
        }
        else
        {
            throw target.Unexpected(reply);
        }

        return true;
    }
}
