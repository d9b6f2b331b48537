namespace CacheOperator.Proxy.WarmUp;

/// <summary>Numbers in what a member answers: several for each item, so they are read without ceremony.</summary>
internal static class AsciiNumber
{
    /// <summary>Reads digits, after a minus if there is one, up to the first byte that is none. False when there is no digit or it overflows.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long number)
    {
        var negative = text.Length > 0 && text[0] == '-';
        var parsed = TryParse(negative ? text[1..] : text, out ulong magnitude, out _) && magnitude <= long.MaxValue;
        number = negative ? -(long)magnitude : (long)magnitude;
        return parsed;
    }

    /// <summary>Reads digits up to the first byte that is none.</summary>
    /// <param name="text">Where they stand.</param>
    /// <param name="number">Their value.</param>
    /// <param name="length">How many there are.</param>
    /// <returns>False when there is no digit or it overflows.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong number, out int length)
    {
        const int SurelyFits = 19;
        (number, length) = (0, 0);
        while (length < text.Length && (uint)(text[length] - '0') is var digit and <= 9)
        {
            if (length >= SurelyFits && number > (ulong.MaxValue - digit) / 10)
                return false;
            number = (number * 10) + digit;
            length++;
        }

        return length > 0;
    }
}
