using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Hints;

/// <summary>
/// Takes the places where a member holds nothing by tombstones, which clients do not see. A delete that reaches the
/// member after that removes the mark, so that what is to replace the mark is not stored.
/// </summary>
internal sealed class KeyReservation(MemberLink member)
{
    // Far longer than settling takes; what is left behind when it is broken off goes by itself.
    private const long HoldSeconds = 60;

    /// <summary>Items that are Listed and not held are to replace the mark then; where somebody has stored one meanwhile they are Present.</summary>
    /// <returns>How many places were taken.</returns>
    public async Task<int> TakeAsync(HintBatch batch)
    {
        var items = batch.Items;
        items.Request.ResetWrittenCount();
        for (var i = 0; i < items.Count; i++)
        {
            ref var item = ref items.Items[i];
            if (!IsWanted(item)) continue;
            item.Replaces = ItemVersion.Tombstone(batch.Hints[i].Version);
            items.Request.Append("ms "u8);
            items.Request.Append(items.KeyOf(item));
            items.Request.Append(item.Base64 ? " 0 b ME T"u8 : " 0 ME T"u8);
            items.Request.Append(HoldSeconds);
            items.Request.Append(" E"u8);
            items.Request.Append(item.Replaces);
            items.Request.Append("\r\n\r\n"u8);
        }

        if (items.Request.WrittenCount == 0) return 0;
        await member.SendAsync(items.Request.WrittenMemory);
        var taken = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (!IsWanted(items.Items[i])) continue;
            while (!TryTakeReply(ref items.Items[i], ref taken)) await member.ReceiveAsync();
        }

        return taken;
    }

    private static bool IsWanted(in CopyItem item) => item.State == CopyItemState.Listed && !item.Held.Exists;

    private bool TryTakeReply(ref CopyItem item, ref int taken)
    {
        if (!member.TryReadLine(out var reply)) return false;
        if (reply.SequenceEqual("HD"u8))
        {
            taken++;
        }
        else if (reply.SequenceEqual("NS"u8))
        {
            item.State = CopyItemState.Present;
        }
        else if (reply.StartsWith("SERVER_ERROR "u8))
        {
            item.State = CopyItemState.Gone;
        }
        else
        {
            throw member.Unexpected(reply);
        }

        return true;
    }
}
