namespace CacheOperator.Proxy.Protocol;

/// <summary>Walks over keys separated by spaces.</summary>
internal ref struct KeyList(ReadOnlySpan<byte> keys)
{
    private readonly int _length = keys.Length;
    private ReadOnlySpan<byte> _rest = keys;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Where <see cref="Current"/> ends in the list.</summary>
    public readonly int End => _length - _rest.Length;

    /// <summary>What comes after <see cref="Current"/>.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether <see cref="Current"/> is the last key.</summary>
    public readonly bool IsLast => _rest.IndexOfAnyExcept((byte)' ') < 0;

    public readonly KeyList GetEnumerator() => this;

    public bool MoveNext()
    {
        var start = 0;
        while (start < _rest.Length && _rest[start] == ' ') start++;
        if (start == _rest.Length) return false;
        var rest = _rest[start..];
        var end = rest.IndexOf((byte)' ');
        Current = end < 0 ? rest : rest[..end];
        _rest = end < 0 ? default : rest[end..];
        return true;
    }
}
