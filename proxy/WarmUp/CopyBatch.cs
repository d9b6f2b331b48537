using System.Buffers;
using System.Runtime.InteropServices;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Some items on their way from source to target: their keys as commands name them, and the store commands with the
/// values. Batches are reused, so a copy's memory is that of a fixed number of them.
/// </summary>
internal sealed class CopyBatch
{
    private const int LargestKeptPayload = 4 * 1024 * 1024;

    private readonly List<CopyItem> _items = [];
    private readonly ArrayBufferWriter<byte> _keys = new();

    public Span<CopyItem> Items => CollectionsMarshal.AsSpan(_items);

    public int Count => _items.Count;

    /// <summary>Store commands of the items in state <see cref="CopyItemState.Read"/>, in order.</summary>
    public ArrayBufferWriter<byte> Payload { get; private set; } = new();

    /// <summary>Scratch for the other commands.</summary>
    public ArrayBufferWriter<byte> Request { get; } = new();

    public ReadOnlySpan<byte> KeyOf(in CopyItem item) => _keys.WrittenSpan.Slice(item.KeyOffset, item.KeyLength);

    public void Clear()
    {
        _items.Clear();
        _keys.ResetWrittenCount();
        ResetPayload();
    }

    public void ResetPayload()
    {
        if (Payload.Capacity > LargestKeptPayload)
            Payload = new ArrayBufferWriter<byte>();
        else
            Payload.ResetWrittenCount();
    }

    public void Add(ReadOnlySpan<byte> key, ulong version, long expiry, CopyItemState state)
    {
        var base64 = KeyText.NeedsBase64(key);
        var length = KeyText.Write(key, base64, _keys.GetSpan(KeyText.MaxLength * 2));
        _items.Add(new CopyItem
        {
            KeyOffset = _keys.WrittenCount,
            KeyLength = length,
            Base64 = base64,
            Version = version,
            Expiry = expiry,
            State = state,
        });
        _keys.Advance(length);
    }

    /// <summary>The member names the key otherwise: a client gave a plain key as base64, and a copy should keep that.</summary>
    public void Rename(ref CopyItem item, ReadOnlySpan<byte> key, bool base64)
    {
        if (base64 == item.Base64)
            return;
        (item.KeyOffset, item.KeyLength, item.Base64) = (_keys.WrittenCount, key.Length, base64);
        _keys.Append(key);
    }

    public int CountOf(CopyItemState state)
    {
        var count = 0;
        foreach (ref var item in Items)
        {
            if (item.State == state)
                count++;
        }

        return count;
    }

    /// <summary>Begins a command about an item: <c>mg KEY</c> or <c>mg KEY b</c>.</summary>
    public void AppendCommand(ReadOnlySpan<byte> command, in CopyItem item)
    {
        Request.Append(command);
        Request.Append(KeyOf(item));
        if (item.Base64)
            Request.Append(" b"u8);
    }
}
