using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Protocol;

public sealed class MemberReplyParserTests
{
    private const string Script =
        "HD\r\nEN\r\nVA 3 f7 c12 t-1\r\na\r\n\r\nVA 0 c18446744073709551615\r\n\r\nNS\r\nEX c5\r\nNF\r\nHD c9 s0\r\nVALUE k 7 3 18446744073709551614\r\na\r\n\r\nVALUE key 0 0 5\r\n\r\nSTAT pid 12\r\nEND\r\nSERVER_ERROR out of memory\r\n";

    private static readonly string[] Expected =
    [
        "Done f0 c0 t0 s0 ", "Miss f0 c0 t0 s0 ", "Value f7 c12 t-1 s0 a\r\n", "Value f0 c18446744073709551615 t0 s0 ", "NotStored f0 c0 t0 s0 ", "Exists f0 c5 t0 s0 ",
        "NotFound f0 c0 t0 s0 ", "Done f0 c9 t0 s0 ", "Item f0 c18446744073709551614 t0 s0 a\r\n", "Item f0 c5 t0 s0 ", "Stat f0 c0 t0 s0 ", "End f0 c0 t0 s0 ", "Error f0 c0 t0 s0 ",
    ];

    [Fact]
    public void Replies_are_read_however_the_input_is_cut()
    {
        var input = Encoding.ASCII.GetBytes(Script);
        for (var cut = 0; cut < input.Length; cut++) Assert.Equal(Expected, Parse(input, [cut]));
        Assert.Equal(Expected, Parse(input, [.. Enumerable.Range(0, input.Length)]));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("VA\r\n")]
    [InlineData("VA x\r\n")]
    [InlineData("VA 3\r\nabcde")]
    [InlineData("VA 99999999999\r\n")]
    [InlineData("VALUE k 0 x 1\r\n")]
    [InlineData("VALUE k 0 1\r\na\r\n")]
    [InlineData("VALUE k 0 -1 1\r\na\r\n")]
    public void What_is_no_reply_is_refused(string input) =>
        Assert.Throws<ProtocolException>(() => MemberReplyParser.TryParse(Encoding.ASCII.GetBytes(input), out _, out _, out _));

    [Theory]
    [InlineData("MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m")]
    [InlineData("MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust")]
    public void A_refused_limit_is_an_error_like_others(string line)
    {
        Assert.True(MemberReplyParser.TryParse(Encoding.ASCII.GetBytes($"{line}\r\n"), out var reply, out _, out _));
        Assert.Equal((ReplyKind.Error, line), (reply.Kind, Encoding.ASCII.GetString(reply.Line)));
    }

    [Fact]
    public void A_line_without_end_is_refused() =>
        Assert.Throws<ProtocolException>(() => MemberReplyParser.TryParse(new byte[MemberReplyParser.MaxLineLength + 1], out _, out _, out _));

    private static List<string> Parse(byte[] input, int[] cuts)
    {
        var replies = new List<string>();
        var start = 0;
        foreach (var end in cuts.Append(input.Length))
        {
            while (MemberReplyParser.TryParse(input.AsSpan(start, end - start), out var reply, out var consumed, out _))
            {
                start += consumed;
                replies.Add($"{reply.Kind} f{reply.Flags} c{reply.Version} t{reply.TimeToLive} s{reply.Size} {Encoding.ASCII.GetString(reply.Value)}");
                if (start == end) break;
            }
        }

        return replies;
    }
}
