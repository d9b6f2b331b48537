using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// The hottest keys of a dump that fit into bounded memory. What is colder is left to the next band: another dump, with
/// this band's <see cref="Floor"/> as its ceiling.
/// </summary>
/// <remarks>Used for one band after the other: new arrays for each would be garbage faster than the runtime collects it.</remarks>
/// <param name="maxBytes">What the keys held may take.</param>
/// <param name="filter">Which keys are wanted at all.</param>
internal sealed class KeyBand(int maxBytes, KeyFilter filter) : IDumpSink
{
    private readonly List<BandKey> _keys = [];
    private byte[] _text = new byte[1024];
    private int _textLength;
    private ulong _ceiling = ulong.MaxValue;

    /// <summary>Keys that are at least this hot are in this band or an earlier one; 0 when nothing was left over.</summary>
    public ulong Floor { get; private set; }

    public int Count => _keys.Count;

    /// <summary>Keys of the dump that no command can name.</summary>
    public long Unnameable { get; private set; }

    /// <summary>Goes on with what earlier bands have left.</summary>
    /// <returns>False: nothing is left.</returns>
    public bool TryMoveOn()
    {
        if (Floor == 0)
            return false;
        (_ceiling, Floor, Unnameable, _textLength) = (Floor, 0, 0, 0);
        _keys.Clear();
        return true;
    }

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
        if (heat < Floor || heat >= _ceiling || entry.Key.SequenceEqual(ReservedKey.Bytes) || !filter(entry.Key))
            return;
        if (!KeyText.CanBeNamed(entry.Key))
        {
            Unnameable++;
            return;
        }

        if (Bytes + entry.Key.Length > maxBytes && _keys.Count > 3)
            DropTheColdest();
        if (heat >= Floor)
            Append(new BandKey(heat, entry.Version, (uint)Math.Min(entry.Expiry, uint.MaxValue), entry.Size, 0, (ushort)entry.Key.Length), entry.Key);
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

    private void DropTheColdest()
    {
        _keys.Sort(static (left, right) => right.Heat.CompareTo(left.Heat));
        var floor = Floor = _keys[_keys.Count * 3 / 4].Heat;
        _keys.RemoveAll(key => key.Heat < floor);

        // In the order in which the text stands, it can be moved together in place.
        _keys.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
        _textLength = 0;
        foreach (ref var key in CollectionsMarshal.AsSpan(_keys))
        {
            _text.AsSpan(key.Offset, key.Length).CopyTo(_text.AsSpan(_textLength));
            key = key with { Offset = _textLength };
            _textLength += key.Length;
        }
    }
}
