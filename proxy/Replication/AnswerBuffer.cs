using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Replication;

/// <summary>Room for the one answer of an operation that is composed before it can be given: rented while it is needed.</summary>
internal sealed class AnswerBuffer(BufferPool pool)
{
    private byte[]? _array;

    /// <returns>Room that lasts until <see cref="Release"/>, or until more is asked for.</returns>
    public Memory<byte> Rent(int size)
    {
        if (_array is null || _array.Length < size)
        {
            Release();
            _array = pool.Rent(size);
        }

        return _array.AsMemory(0, size);
    }

    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> answer)
    {
        var target = Rent(answer.Length);
        answer.CopyTo(target.Span);
        return target;
    }

    /// <summary>A line without its end.</summary>
    public ReadOnlyMemory<byte> Line(ReadOnlySpan<byte> line)
    {
        var target = Rent(line.Length + 2);
        var writer = new SpanWriter(target.Span);
        writer.Write(line);
        writer.Write("\r\n"u8);
        return target;
    }

    /// <summary>See <see cref="MetaReply.Write"/>.</summary>
    public ReadOnlyMemory<byte> Meta(
        ReadOnlySpan<byte> code, ReadOnlySpan<byte> tokens, ReadOnlySpan<byte> key, ulong? version = null, int? size = null, long? timeToLive = null, ReadOnlySpan<byte> value = default)
    {
        var target = Rent(MetaReply.Length(tokens, key, value));
        return target[..MetaReply.Write(target.Span, code, tokens, key, version, size, timeToLive, value)];
    }

    public void Release()
    {
        if (_array is not null) pool.Return(_array);
        _array = null;
    }
}
