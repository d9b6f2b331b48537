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
        Current = Tokens.NextToken(ref _rest);
        return !Current.IsEmpty;
    }
}
