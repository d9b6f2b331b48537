using System.Text;

namespace CacheOperator.Provisioning.Debian;

/// <summary>Derives apt sources for another suite from those of this machine, so that no mirror's address has to be known here.</summary>
internal static class AptSources
{
    /// <summary>
    /// The deb822 stanza for the binary and source packages of <paramref name="suite"/>, made from the first stanza (or one-line entry) in
    /// <paramref name="machineSources"/> that serves a Debian release itself; null when there is none.
    /// </summary>
    public static string? Derive(IEnumerable<string> machineSources, string suite) =>
        machineSources.SelectMany(Stanzas).Where(IsDebianRelease).Select(fields => Render(fields, suite)).FirstOrDefault();

    private static IEnumerable<Dictionary<string, string>> Stanzas(string text)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd()).Where(line => !line.StartsWith('#'));
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = string.Empty;
        foreach (var line in lines.Append(string.Empty))
        {
            if (line.StartsWith("deb ", StringComparison.Ordinal))
            {
                yield return OneLineEntry(line);
            }
            else if (line.Length == 0 && fields.Count > 0)
            {
                yield return fields;
                fields = new(StringComparer.OrdinalIgnoreCase);
            }
            else if (line.StartsWith(' ') && fields.Count > 0)
            {
                // A key that stands in the sources itself.
                fields[last] += $"\n{line}";
            }
            else if (line.Split(':', 2) is [var name, var value])
            {
                last = name;
                fields[name] = value.Trim();
            }
        }
    }

    /// <summary><c>deb [signed-by=/k.gpg] URI suite component...</c></summary>
    private static Dictionary<string, string> OneLineEntry(string line)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Types"] = "deb" };
        var rest = line["deb ".Length..].Trim();
        if (rest.StartsWith('['))
        {
            var end = rest.IndexOf(']', StringComparison.Ordinal);
            foreach (var option in rest[1..end].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = option.Split('=', 2);
                fields[parts[0]] = parts[^1];
            }

            rest = rest[(end + 1)..].Trim();
        }

        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        fields["URIs"] = words.ElementAtOrDefault(0) ?? string.Empty;
        fields["Suites"] = words.ElementAtOrDefault(1) ?? string.Empty;
        fields["Components"] = string.Join(' ', words.Skip(2));
        return fields;
    }

    private static bool IsDebianRelease(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("Enabled") != "no"
        && fields.TryGetValue("URIs", out var uris)
        && uris.TrimEnd('/').EndsWith("debian", StringComparison.OrdinalIgnoreCase)
        && fields.GetValueOrDefault("Components", string.Empty).Split(' ').Contains("main");

    private static string Render(Dictionary<string, string> fields, string suite)
    {
        var stanza = new StringBuilder()
            .Append("Types: deb deb-src\n")
            .Append($"URIs: {fields["URIs"]}\n")
            .Append($"Suites: {suite}\n")
            .Append("Components: main\n");
        foreach (var name in (string[])["Signed-By", "Trusted"])
        {
            if (fields.TryGetValue(name, out var value))
            {
                stanza.Append($"{name}: {value}\n");
            }
        }

        return stanza.ToString();
    }
}
