using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Replication;

/// <summary>What a client is told of a conditional write, in the terms of the command that it used.</summary>
/// <param name="composer">Where what is not fixed is written.</param>
/// <param name="kind">What was to be done.</param>
/// <param name="isMeta">Whether by a meta command.</param>
/// <param name="flags">That one's flags.</param>
/// <param name="tokens">The same as sent.</param>
/// <param name="key">As requests name it.</param>
internal readonly ref struct ConditionalAnswer(AnswerBuffer composer, CommandKind kind, bool isMeta, MetaFlags flags, ReadOnlySpan<byte> tokens, ReadOnlySpan<byte> key)
{
    private readonly ReadOnlySpan<byte> _tokens = tokens;
    private readonly ReadOnlySpan<byte> _key = key;

    private bool IsStore => kind is CommandKind.Add or CommandKind.Replace or CommandKind.Append or CommandKind.Prepend or CommandKind.Cas;

    public ReadOnlyMemory<byte> Done(ulong version, int size) =>
        !isMeta ? Replies.Stored
        : flags.IsQuiet ? default(ReadOnlyMemory<byte>)
        : IsStore ? composer.Meta("HD"u8, _tokens, _key, version, size)
        : composer.Meta("HD"u8, _tokens, _key);

    public ReadOnlyMemory<byte> Counted(ReadOnlySpan<byte> number, ulong version, long timeToLive) =>
        !isMeta ? composer.Line(number)
        : flags.IsQuiet ? default(ReadOnlyMemory<byte>)
        : composer.Meta(flags.WantsValue ? "VA"u8 : "HD"u8, _tokens, _key, version, size: null, timeToLive, number);

    /// <summary>There is no item, or for <c>add</c> there is one.</summary>
    public ReadOnlyMemory<byte> Absent(int size) =>
        kind is CommandKind.Add or CommandKind.Replace or CommandKind.Append or CommandKind.Prepend ? NotStored(size)
        : isMeta ? Refused("NF"u8, size)
        : Replies.NotFound;

    public ReadOnlyMemory<byte> NotStored(int size) => isMeta ? Refused("NS"u8, size) : Replies.NotStored;

    public ReadOnlyMemory<byte> Exists(int size) => isMeta ? Refused("EX"u8, size) : Replies.Exists;

    // memcached shows version and size for stores, though nothing is stored.
    private ReadOnlyMemory<byte> Refused(ReadOnlySpan<byte> code, int size) => IsStore ? composer.Meta(code, _tokens, _key, 0, size) : composer.Meta(code, _tokens, _key);
}
