using System.Text;

namespace CacheOperator.Benchmarks.Load;

/// <summary>Compares the bytes that arrive, in whatever pieces, with those that must.</summary>
internal struct ReplyChecker
{
    private const int Excerpt = 60;

    /// <summary>Bytes of the batch's replies seen so far.</summary>
    public int Position { get; private set; }

    public void Restart() => Position = 0;

    /// <returns>Whether that was the last of <paramref name="expected"/>.</returns>
    /// <exception cref="LoadFailureException">Other bytes than expected, or more of them.</exception>
    public bool Accept(ReadOnlySpan<byte> received, ReadOnlySpan<byte> expected)
    {
        var rest = expected[Position..];
        if (received.Length > rest.Length || !received.SequenceEqual(rest[..received.Length])) throw Mismatch(received, rest);
        Position += received.Length;
        return Position == expected.Length;
    }

    private static LoadFailureException Mismatch(ReadOnlySpan<byte> received, ReadOnlySpan<byte> expected)
    {
        var same = received.CommonPrefixLength(expected);
        return new LoadFailureException($"expected \"{Show(expected, same)}\", got \"{Show(received, same)}\"");
    }

    /// <summary>The line where the two part, not more than an excerpt of it.</summary>
    private static string Show(ReadOnlySpan<byte> bytes, int position)
    {
        var start = Math.Max(bytes[..position].LastIndexOf((byte)'\n') + 1, position - (Excerpt / 2));
        var shown = bytes[start..];
        return Encoding.ASCII.GetString(shown[..Math.Min(shown.Length, Excerpt)]).ReplaceLineEndings("\\r\\n");
    }
}
