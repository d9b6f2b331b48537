using System.Buffers.Binary;
using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// The hottest keys of a dump that fit into bounded memory. What is colder is left to the next band: another dump, with
/// this band's <see cref="Floor"/> as its ceiling.
/// </summary>
/// <remarks>Used for one band after the other: new arrays for each would be garbage faster than the runtime collects it.</remarks>
/// <param name="maxBytes">What the keys held may take; some KiB at least.</param>
/// <param name="heat">By what they are ordered; null: by their last access alone.</param>
internal sealed class KeyBand(int maxBytes, HeatMap? heat = null) : IDumpSink
{
    /// <summary>Bytes of a record before the key: version, expiry, size, length of the key.</summary>
    private const int RecordHead = sizeof(ulong) + sizeof(uint) + sizeof(int) + 1;

    /// <summary>What the order takes for each key.</summary>
    private const int OrderBytes = sizeof(ulong);

    /// <summary>A quarter of the memory is the order's: enough for records of 24 bytes, which is a key of seven.</summary>
    private const int LeastRecord = 3 * OrderBytes;

    private const int HeatSamples = 1024;

    // All memory from the start, which costs nothing until it is used: arrays that grow leave as much behind as they hold.
    // For each key how cold it is, and in the lower half where its record is. So keys that are equally hot stay as they were listed, which is as they
    // lie in the member's hash table: neither that nor the records are walked through at random.
    private readonly ulong[] _order = GC.AllocateUninitializedArray<ulong>(maxBytes / (LeastRecord + OrderBytes));
    private readonly byte[] _records = GC.AllocateUninitializedArray<byte>(maxBytes / 4 * 3);
    private int _length;
    private ulong _ceiling = ulong.MaxValue;

    /// <summary>Keys that are at least this hot are in this band or an earlier one; 0 when nothing was left over.</summary>
    public ulong Floor { get; private set; }

    public int Count { get; private set; }

    /// <summary>By what the keys are ordered.</summary>
    public HeatMap Heat { get; } = heat ?? HeatMap.Unknown;

    /// <summary>About how many keys like those it holds it can hold.</summary>
    public int Room => _length == 0 ? _order.Length : (int)Math.Min(_order.Length, (long)Count * _records.Length / _length);

    /// <summary>Whether any key can be added without another one being dropped for it.</summary>
    public bool HasRoom => HasRoomFor(KeyText.MaxLength);

    /// <summary>Keys of the dump that no command can name.</summary>
    public long Unnameable { get; private set; }

    /// <summary>A key with what the dump said of its item. In order of heat once <see cref="Sort"/> was called.</summary>
    public BandKey this[int index] => Read(OffsetAt(index));

    /// <summary>Goes on with what earlier bands have left.</summary>
    /// <returns>False: nothing is left.</returns>
    public bool TryMoveOn()
    {
        if (Floor == 0)
            return false;
        (_ceiling, Floor) = (Floor, 0);
        Clear();
        return true;
    }

    /// <summary>Begins anew, with the hottest.</summary>
    public void Reset()
    {
        (_ceiling, Floor) = (ulong.MaxValue, 0);
        Clear();
    }

    /// <summary>
    /// How hot a key is, and among the many that are equally hot an order that every dump agrees on, so that a cut never
    /// falls between keys that are equal. Never 0.
    /// </summary>
    public ulong HeatOf(in DumpEntry entry)
    {
        var hash = KeyHash.Of(entry.Key);
        return HeatOf(Heat.HeatOf(hash, entry.LastAccess), hash);
    }

    /// <summary>Whether a key of this heat belongs to this band: not to an earlier one, and not surely to a later one.</summary>
    public bool Takes(ulong heat) => heat >= Floor && heat < _ceiling;

    /// <summary>Puts the hottest first. Nothing can be added after that.</summary>
    public void Sort() => _order.AsSpan(0, Count).Sort();

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

    public void Add(in DumpEntry entry) => Add(entry, HeatOf(entry));

    /// <param name="entry">What the dump says.</param>
    /// <param name="heat"><see cref="HeatOf(in DumpEntry)"/> of it.</param>
    public void Add(in DumpEntry entry, ulong heat)
    {
        if (!Takes(heat))
            return;
        if (!KeyText.CanBeNamed(entry.Key))
        {
            Unnameable++;
            return;
        }

        if (!HasRoomFor(entry.Key.Length))
        {
            DropTheColdest();
            if (heat < Floor)
                return;
        }

        Append(entry, (uint)(heat >> 32));
    }

    private static ulong HeatOf(uint heat, ulong keyHash) => ((ulong)heat << 32) | (uint)keyHash | 1;

    private BandKey Read(int offset)
    {
        ReadOnlySpan<byte> record = _records.AsSpan(offset);
        return new BandKey(
            record.Slice(RecordHead, record[RecordHead - 1]),
            BinaryPrimitives.ReadUInt64LittleEndian(record),
            BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[12..]));
    }

    private void Append(in DumpEntry entry, uint heat)
    {
        var record = _records.AsSpan(_length);
        BinaryPrimitives.WriteUInt64LittleEndian(record, entry.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)Math.Min(entry.Expiry, uint.MaxValue));
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], entry.Size);
        record[RecordHead - 1] = (byte)entry.Key.Length;
        entry.Key.CopyTo(record[RecordHead..]);
        _order[Count++] = ((ulong)(uint.MaxValue - heat) << 32) | (uint)_length;
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
            var (offset, length) = (OffsetAt(i), RecordHead + this[i].Text.Length);
            _records.AsSpan(offset, length).CopyTo(_records.AsSpan(end));
            _order[kept] = _order[i] - (uint)offset + (uint)end;
            (kept, end) = (kept + 1, end + length);
        }

        (Count, _length) = (kept, end);
    }

    /// <summary>A heat that about a quarter of the keys, and never all of them, is below of.</summary>
    private ulong ColdestQuarter()
    {
        var samples = new ulong[Math.Min(HeatSamples, Count)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = HeatAt((int)((long)i * Count / samples.Length));
        samples.AsSpan().Sort();
        return samples[Math.Min(samples.Length - 1, Math.Max(1, samples.Length / 4))];
    }

    private void Clear() => (Count, _length, Unnameable) = (0, 0, 0);

    private ulong HeatAt(int index) => HeatOf(uint.MaxValue - (uint)(_order[index] >> 32), KeyHash.Of(this[index].Text));

    private int OffsetAt(int index) => (int)(uint)_order[index];

    private bool HasRoomFor(int keyLength) => Count < _order.Length && _length + RecordHead + keyLength <= _records.Length;
}
