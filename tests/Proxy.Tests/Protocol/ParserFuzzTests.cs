using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Protocol;

/// <summary>Both parsers on broken input: they neither fail nor read past what is there, and more input never changes what was read already.</summary>
public sealed class ParserFuzzTests
{
    private const int MaxValueLength = 100;

    private static readonly string[] Replies =
    [
        "HD\r\n", "HD c12 s3 t-1\r\n", "EN\r\n", "VA 3 f7 c12 t-1\r\na\r\n\r\n", "VA 0 c18446744073709551615\r\n\r\n", "VA 2147483647 c1\r\nabc\r\n", "VA 4294967299 c1\r\nabc\r\n", "NS\r\n", "EX c0\r\n", "NF\r\n",
        "OK\r\n", "ME key exp=-1 la=2 cas=7 fetch=no cls=1 size=63\r\n", "STAT pid 12\r\n", "END\r\n", "SERVER_ERROR out of memory\r\n", "CLIENT_ERROR bad\r\n", "ERROR\r\n", "\r\n", "VALUE k 0 1\r\nx\r\n",
    ];

    private static readonly string[] Commands =
    [
        "get a b\r\n", "gat 10 a b\r\n", "set a 1 0 3\r\nabc\r\n", "set a 0 0 2147483645\r\nabc\r\n", "cas a 0 0 1 17 noreply\r\nx\r\n", "incr n 3\r\n", "touch a 60\r\n", "delete a noreply\r\n", "flush_all 10\r\n",
        "stats reset\r\n", "verbosity 1\r\n", "mg a v f t Oabc q\r\n", "ms YWJj 2 b MA N0\r\nxy\r\n", "ms a 2147483645\r\n", "md a q I T30\r\n", "ma n N0 J5 D2 MD v\r\n", "mn\r\n", "me a\r\n", "foo\r\n", "\r\n", "GET / HTTP/1.1\r\n",
    ];

    private static readonly string[] Pieces =
        ["\r\n", "\n", "\r", " ", "\0", "-1", "99999999999999999999", "2147483648", "4294967296", " b", " c", " s", " t", " M", " O", "VA ", "noreply", new('k', 251), new('x', 3000)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Replies_of_members(int seed) => Run(seed, Replies, input =>
    {
        try
        {
            if (!MemberReplyParser.TryParse(input, out var reply, out var consumed, out var needed)) return new Parsed(0, needed, "");
            return new Parsed(consumed, 0, $"{reply.Kind} {reply.Flags} {reply.Version} {reply.TimeToLive} {reply.Size} {Encoding.Latin1.GetString(reply.Value)}");
        }
        catch (ProtocolException)
        {
            return new Parsed(input.Length, 0, Parsed.Closes);
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Commands_of_clients(int seed) => Run(seed, Commands, input =>
    {
        if (!ClientParser.TryParse(input, MaxValueLength, out var command, out var consumed, out var needed)) return new Parsed(0, needed, "");
        if (command.Kind == CommandKind.Hostile) return new Parsed(input.Length, 0, Parsed.Closes);
        if (command.Kind != CommandKind.Rejected) Assert.Equal(-1, command.Key.IndexOfAny((byte)0, (byte)'\n') & command.Tokens.IndexOfAny((byte)0, (byte)'\n'));
        Assert.InRange(command.Swallow, 0, int.MaxValue + 1L);
        return new Parsed(consumed, 0, $"{command.Kind} {Encoding.Latin1.GetString(command.Key)} {command.Exptime} {command.Number} {command.Swallow} {command.NoReply} {Encoding.Latin1.GetString(command.Value)}");
    });

    private static void Run(int seed, string[] valid, Func<byte[], Parsed> parse)
    {
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var input = Encoding.Latin1.GetBytes(Mutated(random, valid));
            var whole = parse(input);
            Assert.InRange(whole.Consumed, 0, input.Length);
            Assert.True(whole.Needed == 0 || whole.Needed > input.Length, $"{whole} of {input.Length} bytes");
            var part = parse(input[..random.Next(input.Length + 1)]);
            if (part.Consumed > 0 && part.What != Parsed.Closes) Assert.Equal(part, whole);
        }
    }

    private static string Mutated(Random random, string[] valid)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 4); i > 0; i--) text.Append(valid[random.Next(valid.Length)]);
        for (var i = random.Next(5); i > 0; i--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text[at] = (char)random.Next(256);
                    break;
                case 1 when text.Length > 1:
                    text.Remove(at, random.Next(1, text.Length - at));
                    break;
                case 2:
                    text[at] = (char)(text[at] ^ (1 << random.Next(8)));
                    break;
                default:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return text.ToString();
    }

    /// <param name="Consumed">Bytes of the input; 0 when it is not complete.</param>
    /// <param name="Needed">As the parser says.</param>
    /// <param name="What">What was read.</param>
    private sealed record Parsed(int Consumed, int Needed, string What)
    {
        public const string Closes = "closes the connection";
    }
}
