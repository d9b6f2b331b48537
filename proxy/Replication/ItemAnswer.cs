using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// The answer to a retrieval of one item: written to the client at once if it is the operation's turn, else kept aside until it is. A
/// large value is not copied.
/// </summary>
/// <param name="operation">Which retrieves.</param>
/// <param name="pool">Where room is rented.</param>
internal sealed class ItemAnswer(Operation operation, BufferPool pool)
{
    private readonly AnswerBuffer _aside = new(pool);
    private Memory<byte> _line;
    private SharedSlice? _value;
    private bool _isDirect;

    /// <summary>Writes the part of one key in the answer to a classic command.</summary>
    /// <param name="key">The key.</param>
    /// <param name="item">A hit.</param>
    /// <param name="source">Who received it.</param>
    /// <param name="withVersion">Whether the answer shows the version.</param>
    public void WriteValue(ReadOnlySpan<byte> key, in MemberReply item, Connection source, bool withVersion)
    {
        var target = Reserve(key.Length + ValueLine.Overhead + SizeBehind(item));
        Commit(target, ValueLine.Write(target, key, item, withVersion), item, source);
    }

    /// <summary>Writes the answer of <c>mg</c> to a hit.</summary>
    /// <param name="tokens">The flags of the command.</param>
    /// <param name="item">The hit.</param>
    /// <param name="source">Who received it.</param>
    public void WriteMeta(ReadOnlySpan<byte> tokens, in MemberReply item, Connection source)
    {
        var target = Reserve(MetaReply.ItemLength(tokens, item) + SizeBehind(item));
        Commit(target, MetaReply.WriteItem(target, tokens, item), item, source);
    }

    /// <summary>Writes the answer of <c>mg</c> to a miss.</summary>
    public void WriteMetaMiss(ReadOnlySpan<byte> tokens, ReadOnlySpan<byte> key)
    {
        var target = Reserve(MetaReply.Length(tokens, key, value: default));
        Commit(MetaReply.Write(target, "EN"u8, tokens, key, version: null, size: null, timeToLive: null, value: default));
    }

    /// <summary>Writes a line without its end.</summary>
    public void WriteLine(ReadOnlySpan<byte> line)
    {
        var writer = new SpanWriter(Reserve(line.Length + 2));
        writer.Write(line);
        writer.Write("\r\n"u8);
        Commit(writer.Length);
    }

    /// <summary>The operation's turn has come: gives what was kept aside.</summary>
    public void Emit(AnswerStream answers)
    {
        if (!_line.IsEmpty) answers.Send(_line.Span);
        if (_value is not { } value) return;
        _value = null;
        SendValue(answers, value);
    }

    /// <summary>The same for a key's part of the answer to a classic command: the last key ends it, with an error if one could not be read.</summary>
    public void Emit(AnswerStream answers, bool failed, bool isLast)
    {
        if (failed) answers.HasFailed = true;
        else if (!answers.HasFailed) Emit(answers);
        if (isLast) answers.EndItems();
    }

    /// <summary>The operation is over.</summary>
    public void Clear()
    {
        _aside.Release();
        _value?.Release();
        (_line, _value) = (default, null);
    }

    private static bool IsLarge(in MemberReply item) => item.Value.Length >= SharedBuffer.Worthwhile;

    // What follows the line in the same piece.
    private static int SizeBehind(in MemberReply item) => item.Kind != ReplyKind.Value || IsLarge(item) ? 0 : item.Value.Length + 2;

    private static void SendValue(AnswerStream answers, in SharedSlice value)
    {
        answers.Send(value);
        answers.Send("\r\n"u8);
    }

    private Span<byte> Reserve(int size)
    {
        var answers = operation.Client!.Answers;
        _isDirect = !operation.IsSilent && answers.IsNext(operation);
        if (_isDirect) return answers.Reserve(size);
        _line = _aside.Rent(size);
        operation.AddWeight(size);
        return _line.Span;
    }

    private void Commit(int length)
    {
        if (_isDirect) operation.Client!.Answers.Commit(length);
        else _line = _line[..length];
    }

    // The line of an item is written; its value is added, or goes as it is when it is large.
    private void Commit(Span<byte> target, int length, in MemberReply item, Connection source)
    {
        var writer = new SpanWriter(target[length..]);
        if (SizeBehind(item) > 0)
        {
            writer.Write(item.Value);
            writer.Write("\r\n"u8);
        }

        Commit(length + writer.Length);
        if (!IsLarge(item)) return;
        var value = source.Keep(item.Value);
        if (_isDirect)
        {
            SendValue(operation.Client!.Answers, value);
        }
        else
        {
            _value = value;
            operation.AddWeight(value.Length);
        }
    }
}
