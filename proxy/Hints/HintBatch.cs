using System.Buffers.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Hints;

/// <summary>Some hints, and what is found of their keys: item i of the batch belongs to hint i.</summary>
internal sealed class HintBatch
{
    private readonly HeldItem[] _found;

    public HintBatch(IReadOnlyList<Hint> hints)
    {
        Hints = hints;
        _found = new HeldItem[hints.Count];
        var decoded = new byte[KeyText.MaxLength];
        foreach (var hint in hints)
        {
            ReadOnlySpan<byte> key = hint.Key;
            if (key is [.. var text, (byte)' ', (byte)'b'])
            {
                Base64.DecodeFromUtf8(text, decoded, out _, out var length);
                key = decoded.AsSpan(0, length);
            }

            Items.Add(key, hint.Version, expiry: 0, CopyItemState.Listed);
        }
    }

    public IReadOnlyList<Hint> Hints { get; }

    public CopyBatch Items { get; } = new();

    /// <summary>What the member that missed the writes held when it was looked at last.</summary>
    public ReadOnlySpan<HeldItem> Found => _found;

    /// <summary>The hints whose keys are in this state.</summary>
    public IEnumerable<Hint> In(CopyItemState state) => Hints.Where((_, i) => Items.Items[i].State == state);

    /// <summary>Keeps what the member was just found to hold, and that it is to be replaced.</summary>
    public void KeepFound(CopyItemState state)
    {
        for (var i = 0; i < Items.Count; i++)
        {
            ref var item = ref Items.Items[i];
            if (item.State == state) (_found[i], item.Replaces) = (item.Held, item.Held.Version);
        }
    }
}
