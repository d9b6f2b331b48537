using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Protocol;

public sealed class MetaReplyTests
{
    [Theory]
    [InlineData("s v t", "VA 2 s2 t-1 c8\r\nab\r\n", "VA 2 s2 t-1\r\n")]
    [InlineData("O12 k c", "HD kkey c8 s2\r\n", "HD O12 kkey c8\r\n")]
    [InlineData("k O1 b", "HD kZm9v b c8 s2\r\n", "HD kZm9v b O1\r\n")]
    [InlineData("q", "HD c8 s2 X W\r\n", "HD X W\r\n")]
    [InlineData("t l h", "HD t5 l3 h1 c8 s0 Z X\r\n", "HD t5 l3 h1 Z X\r\n")]
    public void A_hit_shows_what_was_asked_for_and_nothing_else(string tokens, string reply, string expected)
    {
        Assert.True(MemberReplyParser.TryParse(Encoding.ASCII.GetBytes(reply), out var item, out _, out _));
        var target = new byte[MetaReply.ItemLength(Encoding.ASCII.GetBytes(tokens), item)];
        var length = MetaReply.WriteItem(target, Encoding.ASCII.GetBytes(tokens), item);
        Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, length));
    }

    [Theory]
    [InlineData("HD c8 s2 X W\r\n", true)]
    [InlineData("HD c8 s2 Z X\r\n", false)]
    [InlineData("HD kW\r\n", false)]
    public void A_win_is_told_from_other_replies(string reply, bool isWon)
    {
        Assert.True(MemberReplyParser.TryParse(Encoding.ASCII.GetBytes(reply), out var item, out _, out _));
        Assert.Equal(isWon, MetaReply.IsWon(item));
    }

    [Theory]
    [InlineData("HD", " Oxy  s q k c T5 ", "key", "", "HD Oxy s3 kkey c7\r\n")]
    [InlineData("NF", "k c s", "Zm9v b", "", "NF kZm9v b c7 s3\r\n")]
    [InlineData("VA", "t v", "n", "42", "VA 2 t-1\r\n42\r\n")]
    public void An_answer_keeps_the_order_of_the_flags(string code, string tokens, string key, string value, string expected)
    {
        var (flags, name, content) = (Encoding.ASCII.GetBytes(tokens), Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value));
        var target = new byte[MetaReply.Length(flags, name, content)];
        var length = MetaReply.Write(target, Encoding.ASCII.GetBytes(code), flags, name, 7, 3, -1, content);
        Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, length));
    }

    [Fact]
    public void What_is_not_known_is_not_shown()
    {
        var target = new byte[MetaReply.Length("k c s t"u8, "key"u8, default)];
        var length = MetaReply.Write(target, "NF"u8, "k c s t"u8, "key"u8, version: null, size: null, timeToLive: null, value: default);
        Assert.Equal("NF kkey\r\n", Encoding.ASCII.GetString(target, 0, length));
    }
}
