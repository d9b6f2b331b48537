using System.Text;

namespace CacheOperator.Integration.Tests.Fuzzing;

/// <summary>Bytes that no client should send: noise, and commands with something wrong in them.</summary>
internal sealed class FuzzInput(Random random)
{
    private static readonly string[] Commands =
    [
        "get a b c d\r\n", "gets a\r\n", "gat 100 a b\r\n", "gats 0 a\r\n", "set a 1 0 3\r\nabc\r\n", "add b 0 0 0\r\n\r\n", "replace a 0 100 1\r\nx\r\n", "append a 0 0 2\r\nyz\r\n",
        "prepend a 0 0 2\r\nyz\r\n", "cas a 0 0 1 17\r\nx\r\n", "set n 0 0 1\r\n7\r\n", "incr n 3\r\n", "decr n 99\r\n", "touch a 60\r\n", "delete a\r\n", "delete b noreply\r\n", "stats\r\n", "stats reset\r\n",
        "version\r\n", "verbosity 1\r\n", "mg a v f t c s k Oabc q\r\n", "mg a N30 R20 T100 v\r\n", "ms a 3 T0 F5 c ME\r\nabc\r\n", "ms YWJj 2 b MA N0\r\nxy\r\n", "md a q I T30\r\n", "md a x\r\n",
        "ma n N0 J5 D2 MD v t c\r\n", "mn\r\n", "me a\r\n", "quit\r\n", "foo\r\n", "\r\n", "GET / HTTP/1.1\r\n\r\n",
    ];

    private static readonly string[] Pieces =
    [
        "\r\n", "\n", "\r", " ", "\0", "noreply", "-1", "0", "4294967296", "18446744073709551616", "2147483647", "2147483648", "-9223372036854775809", "1e9", " b", " q", " v v", " C", " O",
        "END\r\n", "VALUE a 0 1\r\n", "HD\r\n", "\x80\x00", "get ", "mg ", "ms a S", "set a 0 0 ", new('k', 251), new('x', 3000), new(' ', 5000),
    ];

    /// <summary>Some bytes for one connection. They never flush everything: others look after their items.</summary>
    public byte[] Next()
    {
        var text = new StringBuilder();
        for (var parts = random.Next(1, 8); parts > 0; parts--)
        {
            text.Append(random.Next(8) switch
            {
                0 => Noise(random.Next(1, 3000), 256),
                1 => Noise(random.Next(1, 300), 128),
                2 => $"set big 0 0 {random.Next(100_000)}\r\n{Noise(random.Next(100_000), 256)}\r\n",
                _ => Mutated(),
            });
        }

        return Encoding.Latin1.GetBytes(text.Replace("flush_all", "flush_nothing").ToString());
    }

    private string Mutated()
    {
        var text = new StringBuilder();
        for (var commands = random.Next(1, 60); commands > 0; commands--) text.Append(Commands[random.Next(Commands.Length)]);
        for (var mutations = random.Next(6); mutations > 0 && text.Length > 0; mutations--) Mutate(text);
        return text.ToString();
    }

    private void Mutate(StringBuilder text)
    {
        var at = random.Next(text.Length);
        var length = random.Next(Math.Min(30, text.Length - at));
        switch (random.Next(5))
        {
            case 0:
                text[at] = (char)(text[at] ^ (1 << random.Next(8)));
                break;
            case 1:
                text.Remove(at, length);
                break;
            case 2:
                text.Insert(at, text.ToString(at, length));
                break;
            case 3:
                text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                break;
            default:
                text[at] = (char)random.Next(256);
                break;
        }
    }

    private string Noise(int length, int alphabet) => string.Create(length, (random, alphabet), (span, how) =>
    {
        foreach (ref var c in span) c = (char)how.random.Next(how.alphabet);
    });
}
