using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>Some keys of which two members were found to hold different items, and what that was.</summary>
internal sealed class Suspects
{
    private readonly CopyBatch _keys = new();
    private readonly List<(HeldItem Left, HeldItem Right)> _found = [];

    public int Count => _found.Count;

    public void Add(ReadOnlySpan<byte> key, in HeldItem left, in HeldItem right)
    {
        _keys.Add(key, 0, 0, CopyItemState.Listed);
        _found.Add((left, right));
    }

    /// <summary>Looks again, and lets go of every key that is not exactly as it was found.</summary>
    public async Task ConfirmAsync(ItemInspector left, ItemInspector right)
    {
        await left.InspectAsync(_keys, CopyItemState.Listed);
        for (var i = 0; i < Count; i++) Confirm(ref _keys.Items[i], _found[i].Left);
        await right.InspectAsync(_keys, CopyItemState.Listed);
        for (var i = 0; i < Count; i++) Confirm(ref _keys.Items[i], _found[i].Right);
    }

    /// <summary>The keys of which the left member's item stays, or the right one's: the other one is treated as if it had missed that write.</summary>
    public IEnumerable<Hint> Losses(bool leftPrevails, long clockShift)
    {
        for (var i = 0; i < Count; i++)
        {
            var (left, right) = _found[i];
            if (_keys.Items[i].State != CopyItemState.Listed) continue;
            if (Precedence.Compare(left, right, clockShift) > 0 != leftPrevails) continue;
            var version = leftPrevails ? left.Version : right.Version;
            yield return new Hint(Requested(_keys.Items[i]), version, new Lack(version, 0), IsOwed: true, Sequence: 0);
        }
    }

    // Expiries are read at ticks.
    private static void Confirm(ref CopyItem item, in HeldItem found)
    {
        if (item.State == CopyItemState.Listed && !item.Held.Is(found.Version, found.Expiry, Sweep.TickSeconds)) item.State = CopyItemState.Gone;
    }

    private byte[] Requested(in CopyItem item) => item.Base64 ? [.. _keys.KeyOf(item), (byte)' ', (byte)'b'] : _keys.KeyOf(item).ToArray();
}
