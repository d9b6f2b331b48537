using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Protocol;

public sealed class ClientParserTests
{
    // A member may take a zero byte for the end of the line: what follows would be commands of the proxy's own.
    [Theory]
    [InlineData("get a\0 b\r\n")]
    [InlineData("get a \0\r\n")]
    [InlineData("gat 0 \0\r\n")]
    [InlineData("set a\0 0 0 11\r\nflush_all\r\n\r\n")]
    [InlineData("delete \0\r\n")]
    [InlineData("incr \0 1\r\n")]
    [InlineData("touch \0 1\r\n")]
    [InlineData("mg \0 v\r\n")]
    [InlineData("mg a v\0 c\r\n")]
    [InlineData("ms \0 11 T0\r\nflush_all\r\n\r\n")]
    [InlineData("ms a 11 O\0\r\nflush_all\r\n\r\n")]
    [InlineData("md \0\r\n")]
    [InlineData("ma \0\r\n")]
    [InlineData("me \0\r\n")]
    public void A_zero_byte_in_the_line_is_refused_with_the_whole_command(string input)
    {
        Assert.True(ClientParser.TryParse(Encoding.Latin1.GetBytes(input), 100, out var command, out var consumed, out _));
        Assert.Equal(CommandKind.Rejected, command.Kind);
        Assert.Equal("CLIENT_ERROR bad command line format\r\n", Encoding.ASCII.GetString(command.Reply));
        Assert.Equal(input.Length, consumed + command.Swallow);
    }

    private const int MaxValue = 1024;

    [Theory]
    [InlineData("get a\r\n", "Get keys=a")]
    [InlineData("get a\n", "Get keys=a")]
    [InlineData("get   a  bb   c \r\n", "Get keys=a,bb,c")]
    [InlineData("gets a b\r\n", "Gets keys=a,b")]
    [InlineData("set k 7 60 3\r\nabc\r\n", "Set key=k flags=7 exptime=60 value=abc")]
    [InlineData("set k 4294967295 -1 0\r\n\r\n", "Set key=k flags=4294967295 exptime=-1 value=")]
    [InlineData("set k 0 0 3 noreply\r\na\r\n\r\n", "Set key=k flags=0 exptime=0 value=a\r\n noreply")]
    [InlineData("add k 0 0 1\r\nx\r\n", "Add key=k flags=0 exptime=0 value=x")]
    [InlineData("replace k 1 2 1\r\nx\r\n", "Replace key=k flags=1 exptime=2 value=x")]
    [InlineData("append k 1 2 1 noreply\r\nx\r\n", "Append key=k flags=1 exptime=2 value=x noreply")]
    [InlineData("prepend k 1 2 0\r\n\r\n", "Prepend key=k flags=1 exptime=2 value=")]
    [InlineData("cas k 1 2 1 18446744073709551615\r\nx\r\n", "Cas key=k flags=1 exptime=2 value=x number=18446744073709551615")]
    [InlineData("cas k 1 2 1 7 noreply\r\nx\r\n", "Cas key=k flags=1 exptime=2 value=x number=7 noreply")]
    [InlineData("incr k 5\r\n", "Increment key=k number=5")]
    [InlineData("incr k 18446744073709551615 noreply\r\n", "Increment key=k number=18446744073709551615 noreply")]
    [InlineData("decr k 0\r\n", "Decrement key=k number=0")]
    [InlineData("touch k -1\r\n", "Touch key=k exptime=-1")]
    [InlineData("touch k 10 noreply\r\n", "Touch key=k exptime=10 noreply")]
    [InlineData("gat 10 a  b\r\n", "GetAndTouch keys=a,b exptime=10")]
    [InlineData("gats -1 a\n", "GetsAndTouch keys=a exptime=-1")]
    [InlineData("flush_all\r\n", "FlushAll exptime=0")]
    [InlineData("flush_all 10\r\n", "FlushAll exptime=10")]
    [InlineData("flush_all noreply\r\n", "FlushAll exptime=0 noreply")]
    [InlineData("flush_all 10 noreply\r\n", "FlushAll exptime=10 noreply")]
    [InlineData("incr k\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("incr k -1\r\n", "Rejected CLIENT_ERROR invalid numeric delta argument")]
    [InlineData("decr k 18446744073709551616\r\n", "Rejected CLIENT_ERROR invalid numeric delta argument")]
    [InlineData("touch k\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("touch k soon\r\n", "Rejected CLIENT_ERROR invalid exptime argument")]
    [InlineData("gat 10\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("gat\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("gat soon k\r\n", "Rejected CLIENT_ERROR invalid exptime argument")]
    [InlineData("flush_all soon\r\n", "Rejected CLIENT_ERROR invalid exptime argument")]
    [InlineData("mn\r\n", "MetaNoop")]
    [InlineData("mg k\r\n", "MetaGet key=k")]
    [InlineData("mg k  v O12 t q T30 N-1 R5 C77\r\n", "MetaGet key=k flags=v O12 t q T30 N-1 R5 C77 quiet T=30 N=-1 R C=77")]
    [InlineData("mg k N5 T30\r\n", "MetaGet key=k flags=N5 T30 T=30 N=30")]
    [InlineData("mg Zm9v b k\r\n", "MetaGet key=Zm9v flags=b k binary")]
    [InlineData("me k\r\n", "MetaDebug key=k")]
    [InlineData("md k I x F3 T5 C9 q\r\n", "MetaDelete key=k flags=I x F3 T5 C9 q quiet T=5 C=9")]
    [InlineData("ma k MD D5 J7 N0\r\n", "MetaArithmetic key=k flags=MD D5 J7 N0 mode=D N=0")]
    [InlineData("ms k 3 MA C18446744073709551615\r\na\r\n\r\n", "MetaSet key=k flags=MA C18446744073709551615 mode=A C=18446744073709551615 value=a\r\n")]
    [InlineData("ms k 0\r\n\r\n", "MetaSet key=k value=")]
    [InlineData("mg\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("mg k v v\r\n", "Rejected CLIENT_ERROR duplicate flag")]
    [InlineData("mg k E5\r\n", "Rejected CLIENT_ERROR invalid flag")]
    [InlineData("mg k S5\r\n", "Rejected CLIENT_ERROR invalid flag")]
    [InlineData("mg k T\r\n", "Rejected CLIENT_ERROR bad token in command line format")]
    [InlineData("mg k Tsoon\r\n", "Rejected CLIENT_ERROR bad token in command line format")]
    [InlineData("mg Zm9 b\r\n", "Rejected CLIENT_ERROR error decoding key")]
    [InlineData("mg k O12345678901234567890123456789012\r\n", "Rejected CLIENT_ERROR opaque token too long")]
    [InlineData("md k O1 k q T1 x I C1 F1 b v t s c f h l u M+ D1 J1\r\n", "Rejected CLIENT_ERROR options flags are too long")]
    [InlineData("ma k v v\r\n", "Rejected CLIENT_ERROR invalid or duplicate flag")]
    [InlineData("ma k MX\r\n", "Rejected CLIENT_ERROR invalid mode for ma M token")]
    [InlineData("ms k 1 MX\r\nx\r\n", "Rejected CLIENT_ERROR invalid mode for ms M token")]
    [InlineData("ms k 1 I C5\r\nx\r\n", "Rejected CLIENT_ERROR invalid flag")]
    [InlineData("ms k\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("ms k x\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("mx k\r\n", "Rejected ERROR")]
    [InlineData("delete k\r\n", "Delete key=k")]
    [InlineData("delete k noreply\r\n", "Delete key=k noreply")]
    [InlineData("delete noreply\r\n", "Delete key=noreply noreply")]
    [InlineData("set k 4294967297 0 0\r\n\r\n", "Set key=k flags=1 exptime=0 value=")]
    [InlineData("version\r\n", "Version")]
    [InlineData("verbosity 1\r\n", "Verbosity")]
    [InlineData("verbosity 1 noreply\r\n", "Verbosity noreply")]
    [InlineData("stats\r\n", "Stats key=")]
    [InlineData("stats reset\r\n", "Stats key= reset")]
    [InlineData("quit\r\n", "Quit")]
    [InlineData("get\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("set k 0 0\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("set k 0 0 -1\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("set k 0 0 3\r\nabcd\r\n", "Rejected CLIENT_ERROR bad data chunk")]
    [InlineData("delete\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("f\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("\r\n", "Rejected CLIENT_ERROR bad command line format")]
    [InlineData("nonsense\r\n", "Rejected ERROR")]
    [InlineData(" get a\r\n", "Rejected ERROR")]
    [InlineData("GET a\r\n", "Rejected ERROR")]
    [InlineData("GET / HTTP/1.1\r\n", "Hostile")]
    public void A_command_is_read_as_memcached_reads_it(string input, string expected) => Assert.Equal(expected, ParseAll(input)[0]);

    [Theory]
    [InlineData("set k nine 0 3\r\nabc\r\nget a\r\n")]
    [InlineData("set k 0 nine 3\r\nabc\r\nget a\r\n")]
    [InlineData("set k 9223372036854775808 0 3\r\nabc\r\nget a\r\n")]
    [InlineData("cas k 0 0 3 x\r\nabc\r\nget a\r\n")]
    [InlineData("cas k 0 0 3\r\nabc\r\nget a\r\n")]
    public void The_value_of_a_faulty_store_is_skipped(string input) =>
        Assert.Equal(["Rejected CLIENT_ERROR bad command line format", "Get keys=a"], ParseAll(input));

    [Theory]
    [InlineData("ms k 3 MX\r\nabc\r\nget a\r\n")]
    [InlineData("ms k 3 E7\r\nabc\r\nget a\r\n")]
    [InlineData("ms k 3 Tx\r\nabc\r\nget a\r\n")]
    [InlineData("ms !! 3 b\r\nabc\r\nget a\r\n")]
    public void The_value_of_a_faulty_meta_store_is_skipped(string input)
    {
        var commands = ParseAll(input);
        Assert.StartsWith("Rejected CLIENT_ERROR", commands[0], StringComparison.Ordinal);
        Assert.Equal("Get keys=a", commands[1]);
    }

    [Fact]
    public void A_key_of_250_bytes_is_accepted_and_one_of_251_is_not()
    {
        Assert.StartsWith("Get keys=kk", ParseAll($"get {new string('k', 250)}\r\n")[0], StringComparison.Ordinal);
        Assert.Equal("Rejected CLIENT_ERROR bad command line format", ParseAll($"get a {new string('k', 251)}\r\n")[0]);
        Assert.Equal("Rejected CLIENT_ERROR bad command line format", ParseAll($"delete {new string('k', 251)}\r\n")[0]);
        Assert.Equal(["Rejected CLIENT_ERROR bad command line format", "Version"], ParseAll($"set {new string('k', 251)} 0 0 1\r\nx\r\nversion\r\n"));
    }

    [Fact]
    public void A_value_that_is_too_large_is_skipped_and_a_set_still_names_its_key()
    {
        var value = new string('x', MaxValue + 1);
        Assert.Equal(["TooLarge key=k", "Version"], ParseAll($"set k 0 0 {value.Length}\r\n{value}\r\nversion\r\n"));
        Assert.Equal(["Rejected SERVER_ERROR object too large for cache", "Version"], ParseAll($"add k 0 0 {value.Length}\r\n{value}\r\nversion\r\n"));
        Assert.Equal(["MetaTooLarge key=k flags=MA mode=A", "Version"], ParseAll($"ms k {value.Length} MA\r\n{value}\r\nversion\r\n"));
        Assert.StartsWith("Set key=k", ParseAll($"set k 0 0 {MaxValue}\r\n{value[1..]}\r\n")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_never_ends_is_hostile_unless_it_lists_keys()
    {
        Assert.Equal("Hostile", ParseAll(new string('x', ClientParser.MaxLineLength + 1))[0]);
        Assert.Empty(ParseAll(new string('x', ClientParser.MaxLineLength)));
        Assert.Empty(ParseAll("get " + string.Concat(Enumerable.Repeat("key ", 10_000))));
        Assert.Equal("Hostile", ParseAll("get " + string.Concat(Enumerable.Repeat("key ", ClientParser.MaxKeyListLength / 4)))[0]);
    }

    [Fact]
    public void Input_may_be_cut_at_every_byte()
    {
        var script = "set k 7 60 3\r\nabc\r\nget k\r\ngets a  b\nadd x 0 0 0 noreply\r\n\r\ndelete k\r\nset k x 0 3\r\nabc\r\nf\r\nset k 0 0 2\r\nabcd\r\n"
            + "cas k 1 2 3 44\r\n\r\n\n\r\nappend k 0 0 1 noreply\r\n1\r\nprepend k 0 0 2\r\n12\r\nreplace k 0 0 1\r\nx\r\nincr k 12\r\ndecr k 1 noreply\n"
            + "mg k v t O1\r\nms k 4 T5 q\r\na\r\nb\r\nms k 2 E1\r\nxx\r\nmd k q\r\nma k N5 J1\r\nmn\r\nme k\nmg Zm9v b\r\n"
            + "touch k 5\r\ngat 5 a  b \r\ngats 0 k\r\nflush_all 10 noreply\r\ntouch k x\r\n"
            + $"set k 0 0 {MaxValue + 1}\r\n{new string('v', MaxValue + 1)}\r\nversion\r\n";
        var whole = ParseAll(script);
        for (var cut = 0; cut < script.Length; cut++) Assert.Equal(whole, Parse(Encoding.ASCII.GetBytes(script), [cut]));
        Assert.Equal(whole, Parse(Encoding.ASCII.GetBytes(script), [.. Enumerable.Range(0, script.Length)]));
    }

    [Fact]
    public void What_is_needed_for_a_value_is_known_from_its_line()
    {
        Assert.False(ClientParser.TryParse("set k 0 0 100\r\nabc"u8, MaxValue, out _, out _, out var needed));
        Assert.Equal("set k 0 0 100\r\n".Length + 102, needed);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        var alphabet = "mg ms md ma me get set add cas incr touch gat append flush_all delete 0123456789 \r\n noreply -"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var input = new byte[random.Next(80)];
            for (var j = 0; j < input.Length; j++) input[j] = random.Next(10) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            _ = Parse(input, []);
        }
    }

    private static List<string> ParseAll(string input) => Parse(Encoding.ASCII.GetBytes(input), []);

    // What a connection does: offers what it has up to each cut, keeps the rest, skips what is to be skipped.
    private static List<string> Parse(byte[] input, int[] cuts)
    {
        var commands = new List<string>();
        var start = 0;
        var swallow = 0L;
        foreach (var end in cuts.Append(input.Length))
        {
            while (start < end)
            {
                var skipped = (int)Math.Min(swallow, end - start);
                swallow -= skipped;
                start += skipped;
                if (!ClientParser.TryParse(input.AsSpan(start, end - start), MaxValue, out var command, out var consumed, out _)) break;
                start += consumed;
                swallow = command.Swallow;
                commands.Add(Describe(command));
                if (command.Kind == CommandKind.Hostile) return commands;
            }
        }

        return commands;
    }

    private static void DescribeMeta(StringBuilder text, in ClientCommand command)
    {
        var meta = command.Meta;
        text.Append($" key={Encoding.Latin1.GetString(command.Key)}");
        if (!command.Tokens.IsEmpty) text.Append($" flags={Encoding.Latin1.GetString(command.Tokens).Trim()}");
        if (meta.IsQuiet) text.Append(" quiet");
        if (meta.IsBinaryKey) text.Append(" binary");
        if (meta.Mode != 0) text.Append($" mode={(char)meta.Mode}");
        if (meta.Exptime is { } exptime) text.Append($" T={exptime}");
        if (meta.Vivifies) text.Append($" N={meta.VivifiedExptime}");
        if (meta.Recaches) text.Append(" R");
        if (meta.Compare is { } version) text.Append($" C={version}");
        if (command.Kind == CommandKind.MetaSet) text.Append($" value={Encoding.Latin1.GetString(command.Value)}");
    }

    private static string Describe(in ClientCommand command)
    {
        var text = new StringBuilder(command.Kind.ToString());
        switch (command.Kind)
        {
            case CommandKind.Get or CommandKind.Gets:
                var keys = new List<string>();
                foreach (var key in new KeyList(command.Key)) keys.Add(Encoding.Latin1.GetString(key));
                text.Append(" keys=").AppendJoin(',', keys);
                break;
            case CommandKind.GetAndTouch or CommandKind.GetsAndTouch:
                text.Append(" keys=").AppendJoin(',', Encoding.Latin1.GetString(command.Key).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Append($" exptime={command.Exptime}");
                break;
            case CommandKind.Increment or CommandKind.Decrement:
                text.Append($" key={Encoding.Latin1.GetString(command.Key)} number={command.Number}");
                break;
            case CommandKind.Touch:
                text.Append($" key={Encoding.Latin1.GetString(command.Key)} exptime={command.Exptime}");
                break;
            case CommandKind.FlushAll:
                text.Append($" exptime={command.Exptime}");
                break;
            case CommandKind.Set or CommandKind.Add or CommandKind.Replace or CommandKind.Append or CommandKind.Prepend or CommandKind.Cas:
                text.Append($" key={Encoding.Latin1.GetString(command.Key)} flags={command.Flags} exptime={command.Exptime} value={Encoding.Latin1.GetString(command.Value)}");
                if (command.Kind == CommandKind.Cas) text.Append($" number={command.Number}");
                break;
            case CommandKind.MetaGet or CommandKind.MetaSet or CommandKind.MetaTooLarge or CommandKind.MetaDelete or CommandKind.MetaArithmetic or CommandKind.MetaDebug:
                DescribeMeta(text, command);
                break;
            case CommandKind.Rejected:
                text.Append(' ').Append(Encoding.ASCII.GetString(command.Reply).TrimEnd());
                break;
            case CommandKind.Delete or CommandKind.Stats or CommandKind.TooLarge:
                text.Append($" key={Encoding.Latin1.GetString(command.Key)}");
                break;
        }

        return text.Append(command.NoReply ? " noreply" : "").ToString();
    }
}
