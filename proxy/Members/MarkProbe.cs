using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Topology;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>
/// Looks which generation of the topology a member shows, and makes it show this proxy's own when that is newer: so proxies learn of
/// each other's generations with nobody to tell them.
/// </summary>
internal sealed class MarkProbe(MemberConnection connection, Worker worker) : ReplyTarget
{
    private const int Look = 0;
    private const int Write = 1;

    private ulong _version;
    private long _secondsLeft;

    /// <summary>Bytes that the mark takes in the member; 0 when there is none.</summary>
    public long Size { get; private set; }

    /// <summary>Answers that are due.</summary>
    public int Outstanding { get; private set; }

    public void Send()
    {
        (_version, _secondsLeft, Size) = (0, 0, 0);
        var writer = new SpanWriter(connection.Reserve(MemberRequests.Overhead));
        writer.Write("me "u8);
        writer.Write(ReservedKey.Base64);
        writer.Write(" b\r\n"u8);
        Commit(Look, writer.Length);
    }

    /// <summary>Draws the conclusions, once it is known which process has answered.</summary>
    public void Conclude()
    {
        if (worker.Commands.Routes?.Table.Document is not { } document) return;
        var shown = TopologyMark.GenerationOf(document.Cache, _version, _secondsLeft);
        worker.Newer.Saw(shown, TimeSpan.FromSeconds(_secondsLeft));
        var isDue = shown < document.Generation || (shown == document.Generation && _secondsLeft < TopologyMark.RefreshBelow);

        // Another process than expected may have the address of a member of this cache, and belong to a later cache of that name.
        if (isDue && connection.IsExpectedProcess) Show(TopologyMark.VersionOf(document.Cache, document.Generation));
    }

    internal override void Deliver(int replica, int tag, in MemberReply reply)
    {
        Outstanding--;
        if (tag != Look || reply.Kind != ReplyKind.Debug) return;
        _version = reply.Version;
        var line = reply.Line;
        while (Tokens.NextToken(ref line) is { IsEmpty: false } token)
        {
            if (token.StartsWith("exp="u8)) _ = Tokens.TryParse(token["exp=".Length..], out _secondsLeft);
            else if (token.StartsWith("size="u8) && Tokens.TryParse(token["size=".Length..], out long size)) Size = size;
        }
    }

    internal override void Fail(int replica, int tag) => Outstanding--;

    // Over what was looked at only: whoever came in between has perhaps a newer one.
    private void Show(ulong version)
    {
        var writer = new SpanWriter(connection.Reserve(MemberRequests.Overhead));
        writer.Write("ms "u8);
        writer.Write(ReservedKey.Base64);
        writer.Write(" 0 b T"u8, (ulong)TopologyMark.Lifetime);
        writer.Write(" E"u8, version);
        if (Size == 0) writer.Write(" ME"u8);
        else writer.Write(" C"u8, _version);
        writer.Write("\r\n\r\n"u8);
        Commit(Write, writer.Length);
    }

    private void Commit(int tag, int length)
    {
        Outstanding++;
        connection.Commit(this, 0, tag, length);
    }
}
