using System.Globalization;

namespace CacheOperator.Operator.Settings;

/// <summary>Durations as Kubernetes writes them: <c>30s</c>, <c>1m30s</c>, <c>500ms</c>.</summary>
internal static class Duration
{
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        var rest = text.AsSpan();
        if (rest.IsEmpty) return false;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9) return false;
            var number = long.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            var unit = rest.StartsWith("ms") ? "ms" : rest[..1].ToString();
            switch (unit)
            {
                case "ms": value += TimeSpan.FromMilliseconds(number); break;
                case "s": value += TimeSpan.FromSeconds(number); break;
                case "m": value += TimeSpan.FromMinutes(number); break;
                case "h" when number < 100_000: value += TimeSpan.FromHours(number); break;
                default: return false;
            }

            rest = rest[unit.Length..];
        }

        return true;
    }

    /// <summary>Seconds for people: <c>45 s</c>.</summary>
    public static string ForPeople(TimeSpan value) => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.#} s");
}
