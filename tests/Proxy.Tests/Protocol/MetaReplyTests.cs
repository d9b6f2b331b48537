using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Protocol;

public sealed class MetaReplyTests
{
    [Theory]
    [InlineData("s v t", "VA 2 s2 t-1 c8\r\nab\r\n", "VA 2 s2 t-1\r\nab\r\n")]
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

    [Fact]
    public void An_answer_keeps_the_order_of_the_flags()
    {
        Assert.Equal("HD Oxy s3 kkey c7\r\n", Encoding.ASCII.GetString(MetaReply.Write("HD"u8, " Oxy  s q k c T5 "u8, "key"u8, 7, 3)));
        Assert.Equal("NF kZm9v b\r\n", Encoding.ASCII.GetString(MetaReply.Write("NF"u8, "k c s"u8, "Zm9v b"u8)));
        Assert.Equal("VA 2 t-1\r\n42\r\n", Encoding.ASCII.GetString(MetaReply.Write("VA"u8, "t v"u8, "n"u8, timeToLive: -1, value: "42"u8)));
    }
}
