using System.Text;
using CacheOperator.Benchmarks.Load;

namespace CacheOperator.Benchmarks.Tests.Load;

public sealed class ReplyCheckerTests
{
    private static readonly byte[] Expected = "VALUE k 0 3\r\nabc\r\nEND\r\nSTORED\r\n"u8.ToArray();

    [Fact]
    public void The_expected_bytes_are_accepted_however_they_are_cut()
    {
        for (var cut = 0; cut <= Expected.Length; cut++)
        {
            var checker = default(ReplyChecker);
            Assert.Equal(cut == Expected.Length, checker.Accept(Expected.AsSpan(0, cut), Expected));
            if (cut < Expected.Length) Assert.True(checker.Accept(Expected.AsSpan(cut), Expected));
        }
    }

    [Fact]
    public void It_starts_over_with_the_next_batch()
    {
        var checker = default(ReplyChecker);
        Assert.True(checker.Accept(Expected, Expected));
        checker.Restart();
        Assert.True(checker.Accept(Expected, Expected));
    }

    [Theory]
    [InlineData("VALUE k 0 3\r\nabX\r\nEND\r\nSTORED\r\n", "abX")]
    [InlineData("END\r\n", "END")]
    [InlineData("SERVER_ERROR out of memory\r\n", "SERVER_ERROR out of memory")]
    [InlineData("VALUE k 0 2\r\nab\r\nEND\r\n", "VALUE k 0 2")]
    [InlineData("VALUE k 0 3\r\nabc\r\nEND\r\nNOT_STORED\r\n", "NOT_STORED")]
    public void A_wrong_reply_is_shown(string reply, string shown)
    {
        var failure = Assert.Throws<LoadFailureException>(() =>
        {
            var checker = default(ReplyChecker);
            checker.Accept(Encoding.ASCII.GetBytes(reply), Expected);
        });
        Assert.Contains($"got \"{shown}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_expected_is_a_failure()
    {
        var failure = Assert.Throws<LoadFailureException>(() =>
        {
            var checker = default(ReplyChecker);
            checker.Accept([.. Expected, .. "END\r\n"u8], Expected);
        });
        Assert.Contains("got \"END", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_byte_in_a_later_piece_is_a_failure()
    {
        var checker = default(ReplyChecker);
        Assert.False(checker.Accept(Expected.AsSpan(0, 20), Expected));
        Assert.Throws<LoadFailureException>(() => checker.Accept("?"u8, Expected));
    }
}
