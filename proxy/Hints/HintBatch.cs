using System.Buffers.Text;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Hints;

/// <summary>Some hints, and what is found of their keys: item i of the batch belongs to hint i.</summary>
internal sealed class HintBatch
{
    public HintBatch(IReadOnlyList<Hint> hints)
    {
        Hints = hints;
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
}
