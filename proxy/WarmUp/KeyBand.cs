using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// The hottest keys of a dump that fit into bounded memory. What is colder is left to the next band: another dump, with
/// this band's <see cref="Floor"/> as its ceiling.
/// </summary>
/// <param name="maxBytes">What the keys held may take.</param>
/// <param name="ceiling">Heat from which on an earlier band has taken the keys.</param>
/// <param name="filter">Which keys are wanted at all.</param>
internal sealed class KeyBand(int maxBytes, ulong ceiling, KeyFilter filter) : IDumpSink
{
    private readonly List<BandKey> _keys = [];
    private byte[] _text = new byte[1024];
    private int _textLength;

    /// <summary>Keys that are at least this hot are in this band or an earlier one; 0 when nothing was left over.</summary>
    public ulong Floor { get; private set; }

    public int Count => _keys.Count;

    /// <summary>Keys of the dump that no command can name.</summary>
    public long Unnameable { get; private set; }

    /// <summary>Cuts the keys, the hottest first, into runs of at most so many items and, single items aside, bytes.</summary>
    public IEnumerable<Range> Batches(int maxItems, long maxBatchBytes)
    {
        _keys.Sort(static (left, right) => right.Heat.CompareTo(left.Heat));
        var start = 0;
        long bytes = 0;
        for (var i = 0; i < _keys.Count; i++)
        {
            if (i > start && (i - start == maxItems || bytes + _keys[i].Size > maxBatchBytes))
            {
                yield return start..i;
                (start, bytes) = (i, 0);
            }

            bytes += _keys[i].Size;
        }

        if (start < _keys.Count)
            yield return start.._keys.Count;
    }

    /// <summary>Makes the batch hold this run of keys; returns the bytes of their items.</summary>
    public long CopyTo(CopyBatch batch, Range run, CopyItemState state)
    {
        batch.Clear();
        long bytes = 0;
        foreach (ref readonly var key in CollectionsMarshal.AsSpan(_keys)[run])
        {
            batch.Add(_text.AsSpan(key.Offset, key.Length), key.Version, key.Expiry, state);
            bytes += key.Size;
        }

        return bytes;
    }

    public void Add(in DumpEntry entry)
    {
        var heat = HeatOf(entry);
        if (heat < Floor || heat >= ceiling || !filter(entry.Key))
            return;
        if (!KeyText.CanBeNamed(entry.Key))
        {
            Unnameable++;
            return;
        }

        if (Bytes + entry.Key.Length > maxBytes && _keys.Count > 1)
            DropTheColderHalf();
        if (heat >= Floor)
            Append(new BandKey(heat, entry.Version, entry.Expiry, entry.Size, 0, entry.Key.Length), entry.Key);
    }

    private long Bytes => _textLength + ((long)_keys.Count * Unsafe.SizeOf<BandKey>());

    /// <summary>
    /// Last access, and among the many keys of one second an order that every dump agrees on, so that a cut never
    /// falls between keys that are equal.
    /// </summary>
    private static ulong HeatOf(in DumpEntry entry) => ((ulong)(uint)entry.LastAccess << 32) | (uint)KeyHash.Of(entry.Key);

    private void Append(BandKey key, ReadOnlySpan<byte> text)
    {
        if (_textLength + text.Length > _text.Length)
            Array.Resize(ref _text, _text.Length * 2);
        text.CopyTo(_text.AsSpan(_textLength));
        _keys.Add(key with { Offset = _textLength });
        _textLength += text.Length;
    }

    private void DropTheColderHalf()
    {
        _keys.Sort(static (left, right) => right.Heat.CompareTo(left.Heat));
        var floor = Floor = _keys[_keys.Count / 2].Heat;
        _keys.RemoveAll(key => key.Heat < floor);
        var kept = _keys.ToArray();
        var text = _text;
        _keys.Clear();
        (_text, _textLength) = (new byte[text.Length], 0);
        foreach (var key in kept)
            Append(key, text.AsSpan(key.Offset, key.Length));
    }
}
