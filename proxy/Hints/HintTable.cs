namespace CacheOperator.Proxy.Hints;

/// <summary>The keys of which a member missed writes, up to a bound. Not for several threads at once.</summary>
internal sealed class HintTable(HintLimits limits)
{
    /// <summary>About what an entry takes besides its key.</summary>
    private const int EntryBytes = 96;

    private readonly Dictionary<byte[], Hint> _hints = new(new HintKeyComparer());
    private long _bytes;
    private long _sequence;

    public int Count => _hints.Count;

    public IEnumerable<Hint> Hints => _hints.Values;

    /// <returns>False when there is no room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key, ulong version, Lack lack, bool isOwed)
    {
        var byKey = _hints.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (byKey.TryGetValue(key, out var known))
        {
            byKey[key] = known with
            {
                Version = Math.Max(known.Version, version),
                Lack = known.Lack.And(lack),
                IsOwed = known.IsOwed || isOwed,
                Sequence = ++_sequence,
            };
            return true;
        }

        if (_hints.Count >= limits.MaxKeys || _bytes + key.Length + EntryBytes > limits.MaxBytes) return false;
        _bytes += key.Length + EntryBytes;
        byte[] kept = [.. key];
        _hints.Add(kept, new Hint(kept, version, lack, isOwed, ++_sequence));
        return true;
    }

    /// <summary>What was missed of a key that others have.</summary>
    public Lack Find(ReadOnlySpan<byte> key) => _hints.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var hint) ? hint.Lack : default;

    /// <summary>Forgets a hint unless the key was missed again since.</summary>
    /// <returns>Whether it did.</returns>
    public bool Remove(in Hint hint)
    {
        if (!_hints.TryGetValue(hint.Key, out var known) || known.Sequence != hint.Sequence) return false;
        _hints.Remove(hint.Key);
        _bytes -= hint.Key.Length + EntryBytes;
        return true;
    }

    public void Clear()
    {
        _hints.Clear();
        _bytes = 0;
    }
}
