using System.Buffers.Text;

namespace CacheOperator.Proxy.Protocol;

/// <summary>Appends to a span that is known to be large enough.</summary>
internal ref struct SpanWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[Length..]);
        Length += bytes.Length;
    }

    /// <summary>A flag and its number, as meta commands have them.</summary>
    public void Write(ReadOnlySpan<byte> flag, ulong number)
    {
        Write(flag);
        Write(number);
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte}, ulong)"/>
    public void Write(ReadOnlySpan<byte> flag, long number)
    {
        Write(flag);
        Write(number);
    }

    public void Write(byte value) => _target[Length++] = value;

    public void Write(ulong number)
    {
        Utf8Formatter.TryFormat(number, _target[Length..], out var written);
        Length += written;
    }

    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, _target[Length..], out var written);
        Length += written;
    }
}
