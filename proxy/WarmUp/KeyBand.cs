using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// The hottest keys of a dump that fit into bounded memory. What is colder is left to the next band: another dump, with
/// this band's <see cref="Floor"/> as its ceiling.
/// </summary>
/// <remarks>Used for one band after the other: new arrays for each would be garbage faster than the runtime collects it.</remarks>
/// <param name="maxBytes">What the keys held may take.</param>
internal sealed class KeyBand(int maxBytes) : IDumpSink
{
    /// <summary>Bytes of a record before the key: version, expiry, size, length of the key.</summary>
    private const int RecordHead = sizeof(ulong) + sizeof(uint) + sizeof(int) + 1;

    /// <summary>What the order takes for each key.</summary>
    private const int OrderBytes = sizeof(uint) + sizeof(int);

    private const int HeatSamples = 1024;

    // Two lists side by side are sorted faster than one of pairs. Until then they are in the order of the records.
    private readonly List<uint> _coldness = [];
    private readonly List<int> _offsets = [];
    private byte[] _records = new byte[1024];
    private int _length;
    private ulong _ceiling = ulong.MaxValue;

    /// <summary>Keys that are at least this hot are in this band or an earlier one; 0 when nothing was left over.</summary>
    public ulong Floor { get; private set; }

    public int Count => _offsets.Count;

    /// <summary>Keys of the dump that no command can name.</summary>
    public long Unnameable { get; private set; }

    /// <summary>A key with what the dump said of its item. In order of heat once <see cref="Sort"/> was called.</summary>
    public BandKey this[int index] => Read(_offsets[index]);

    /// <summary>Goes on with what earlier bands have left.</summary>
    /// <returns>False: nothing is left.</returns>
    public bool TryMoveOn()
    {
        if (Floor == 0)
            return false;
        (_ceiling, Floor, Unnameable) = (Floor, 0, 0);
        Clear();
        return true;
    }

    /// <summary>Puts the hottest first. Nothing can be added after that.</summary>
    public void Sort() => CollectionsMarshal.AsSpan(_coldness).Sort(CollectionsMarshal.AsSpan(_offsets));

    /// <summary>Cuts the keys, the hottest first, into runs of at most so many items and, single items aside, bytes.</summary>
    public IEnumerable<Range> Batches(int maxItems, long maxBatchBytes)
    {
        Sort();
        var start = 0;
        long bytes = 0;
        for (var i = 0; i < Count; i++)
        {
            var size = this[i].Size;
            if (i > start && (i - start == maxItems || bytes + size > maxBatchBytes))
            {
                yield return start..i;
                (start, bytes) = (i, 0);
            }

            bytes += size;
        }

        if (start < Count)
            yield return start..Count;
    }

    /// <summary>Makes the batch hold this run of keys; returns the bytes of their items.</summary>
    public long CopyTo(CopyBatch batch, Range run, CopyItemState state)
    {
        batch.Clear();
        long bytes = 0;
        for (var i = run.Start.Value; i < run.End.Value; i++)
        {
            var key = this[i];
            batch.Add(key.Text, key.Version, key.Expiry, state);
            bytes += key.Size;
        }

        return bytes;
    }

    public void Add(in DumpEntry entry)
    {
        var heat = HeatOf((uint)entry.LastAccess, entry.Key);
        if (heat < Floor || heat >= _ceiling)
            return;
        if (!KeyText.CanBeNamed(entry.Key))
        {
            Unnameable++;
            return;
        }

        if (_length + ((long)Count * OrderBytes) + RecordHead + entry.Key.Length + OrderBytes > maxBytes && Count > 3)
        {
            DropTheColdest();
            if (heat < Floor)
                return;
        }

        Append(entry);
    }

    /// <summary>
    /// Last access, and among the many keys of one second an order that every dump agrees on, so that a cut never
    /// falls between keys that are equal. Never 0.
    /// </summary>
    private static ulong HeatOf(uint lastAccess, ReadOnlySpan<byte> key) => ((ulong)lastAccess << 32) | (uint)KeyHash.Of(key) | 1;

    private BandKey Read(int offset)
    {
        ReadOnlySpan<byte> record = _records.AsSpan(offset);
        return new BandKey(
            record.Slice(RecordHead, record[RecordHead - 1]),
            BinaryPrimitives.ReadUInt64LittleEndian(record),
            BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[12..]));
    }

    private void Append(in DumpEntry entry)
    {
        if (_length + RecordHead + entry.Key.Length > _records.Length)
            Array.Resize(ref _records, (int)Math.Min(_records.Length * 2L, Math.Max(maxBytes, _length + RecordHead + entry.Key.Length)));
        var record = _records.AsSpan(_length);
        BinaryPrimitives.WriteUInt64LittleEndian(record, entry.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)Math.Min(entry.Expiry, uint.MaxValue));
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], entry.Size);
        record[RecordHead - 1] = (byte)entry.Key.Length;
        entry.Key.CopyTo(record[RecordHead..]);
        _coldness.Add(uint.MaxValue - (uint)entry.LastAccess);
        _offsets.Add(_length);
        _length += RecordHead + entry.Key.Length;
    }

    private void DropTheColdest()
    {
        Floor = Math.Max(Floor, ColdestQuarter());
        var (kept, end) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            if (HeatAt(i) < Floor)
                continue;
            // Records are in order, so they can be moved together in place.
            var length = RecordHead + Read(_offsets[i]).Text.Length;
            _records.AsSpan(_offsets[i], length).CopyTo(_records.AsSpan(end));
            (_offsets[kept], _coldness[kept]) = (end, _coldness[i]);
            (kept, end) = (kept + 1, end + length);
        }

        CollectionsMarshal.SetCount(_offsets, kept);
        CollectionsMarshal.SetCount(_coldness, kept);
        _length = end;
    }

    /// <summary>A heat that about a quarter of the keys, and never all of them, is below of.</summary>
    private ulong ColdestQuarter()
    {
        var samples = new ulong[Math.Min(HeatSamples, Count)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = HeatAt((int)((long)i * Count / samples.Length));
        samples.AsSpan().Sort();
        return samples[Math.Max(1, samples.Length / 4)];
    }

    private ulong HeatAt(int index) => HeatOf(uint.MaxValue - _coldness[index], this[index].Text);

    private void Clear()
    {
        _coldness.Clear();
        _offsets.Clear();
        _length = 0;
    }
}
