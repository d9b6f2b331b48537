using System.Globalization;

namespace CacheOperator.Consistency.Keys;

/// <summary>
/// Values tell which write they are of, by a number that no two writes of a key share: the <em>mark</em>. That of a
/// counter is the number itself, that of a log its last entry.
/// </summary>
internal static class Values
{
    // A counter begins in the middle of a range that belongs to the write which made it.
    private const long Range = 1_000_000;

    /// <summary>What the write stores.</summary>
    public static string Of(Key key, long write, int padding) => key.Family switch
    {
        KeyFamily.CountUp or KeyFamily.CountDown => MarkOf(key, write).ToString(CultureInfo.InvariantCulture),
        KeyFamily.Log => $"{write};",
        _ => $"{write}.{key.Name}.{new string('x', padding)}",
    };

    /// <summary>The mark of what the write stores.</summary>
    public static long MarkOf(Key key, long write) => key.IsCounter ? (write * Range) + (Range / 2) : write;

    /// <summary>The write that made the counter which now shows this mark.</summary>
    public static long OriginOf(long counter) => counter / Range;

    public static uint FlagsOf(long write) => (uint)(write % 65_000);

    /// <returns>False when it is no value of this key.</returns>
    public static bool TryRead(Key key, string value, out long mark)
    {
        var text = key.Family switch
        {
            KeyFamily.CountUp or KeyFamily.CountDown => value,
            KeyFamily.Log => LastEntry(value),
            _ => BeforeName(key, value),
        };
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out mark);
    }

    /// <summary>The writes that a log consists of.</summary>
    public static IEnumerable<long> Entries(string log) =>
        log.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(entry => long.Parse(entry, CultureInfo.InvariantCulture));

    private static string LastEntry(string log) => log.EndsWith(';') ? log[(log.LastIndexOf(';', log.Length - 2) + 1)..^1] : "";

    private static string BeforeName(Key key, string value)
    {
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && value.AsSpan(dot + 1).StartsWith(key.Name + ".", StringComparison.Ordinal) ? value[..dot] : "";
    }
}
