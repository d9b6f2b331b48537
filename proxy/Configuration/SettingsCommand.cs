using System.CommandLine;
using System.Globalization;
using System.Net;

namespace CacheOperator.Proxy.Configuration;

/// <summary>The command line, with an environment variable for every flag. All faults are reported at once.</summary>
internal sealed class SettingsCommand
{
    private const string EnvironmentPrefix = "CACHEPROXY_";

    private readonly List<Flag> _flags = [];

    public SettingsCommand(Func<string, string?> environment)
    {
        var defaults = new ProxySettings();
        Add("--listen", "Where clients connect, as ip:port", defaults.Listen, (s, v) => s with { Listen = EndPoint(v) });
        Add("--admin-listen", "Where the admin API listens", defaults.AdminListen, (s, v) => s with { AdminListen = EndPoint(v) });
        Add("--metrics-listen", "Where /metrics, /healthz and /readyz listen", defaults.MetricsListen, (s, v) => s with { MetricsListen = EndPoint(v) });
        Add("--topology-file", "Topology document, read at start and whenever it changes", "none", (s, v) => s with { TopologyFile = v });
        Add("--admin-token-file", "File with the token of the admin API", "none: every request is refused", (s, v) => s with { AdminTokenFile = v });
        Add("--name", "Name under which the topology lists this proxy", "the host's name", (s, v) => s with { Name = v });
        Add("--node", "Kubernetes node, by which the topology knows the zone", "none", (s, v) => s with { Node = v });
        Add("--zone", "Zone to read from, whatever the node says", "the node's", (s, v) => s with { Zone = v });
        Add("--loops", "Event loops", defaults.Loops, (s, v) => s with { Loops = Number(v, 1, 64) });
        Add("--member-timeout", "Silence after which a member counts as lost", "500ms", (s, v) => s with { MemberTimeout = Milliseconds(v) });
        Add("--hedge-delay", "Wait after which a read asks the next zone too", "50ms", (s, v) => s with { HedgeDelay = Milliseconds(v) });
        Add("--max-item-size", "Largest value in bytes", "1MiB", (s, v) => s with { MaxItemSize = (int)Size(v, 1024, 1 << 30) });
        Add("--max-member-backlog", "Unsent bytes above which a member takes no more", "64MiB", (s, v) => s with { MaxMemberBacklog = Size(v, 1 << 20, int.MaxValue) });
        Add("--max-client-backlog", "Bytes under way above which a client is not read", "1MiB", (s, v) => s with { MaxClientBacklog = Size(v, 1 << 10, int.MaxValue) });
        Add("--max-client-requests", "Requests under way above which a client is not read", defaults.MaxRequestsPerClient, (s, v) => s with { MaxRequestsPerClient = Number(v, 1, 1 << 20) });
        Add("--max-memory", "Bytes held for clients, shared out among the loops; above it, clients wait", "80MiB, or what --max-item-size needs", (s, v) => s with { MaxMemory = Size(v, 8 << 20, 1L << 40) });
        Add("--slow-client-timeout", "A client that takes nothing for so long is closed while memory is short", "5s", (s, v) => s with { SlowClientTimeout = Duration(v, 1, 3600) });
        Add("--max-clients", "Clients connected at a time; more are told so and closed", defaults.MaxClients, (s, v) => s with { MaxClients = Number(v, 1, 1 << 20) });
        Add("--client-idle-timeout", "Silence after which a client is closed, 0s for never", "0s", (s, v) => s with { ClientIdleTimeout = Duration(v) });
        Add("--dead-peer-timeout", "Silence after which the kernel gives up a client or member that vanished", "60s", (s, v) => s with { DeadPeerTimeout = Duration(v, 6, 3600) });
        Add("--tombstone-hold", "How long the mark of a deletion stays", "600s", (s, v) => s with { TombstoneSeconds = (int)Duration(v).TotalSeconds });
        Add("--max-hints", "Keys remembered of which an absent member missed a write", defaults.MaxHints, (s, v) => s with { MaxHints = Number(v, 0, 1 << 24) });
        Add("--max-hint-bytes", "Bytes that these keys may take", defaults.MaxHintBytes, (s, v) => s with { MaxHintBytes = Number(v, 0, int.MaxValue) });
        Add("--hint-window", "How long a member may lack remembered writes before it is refilled", "10s", (s, v) => s with { HintWindow = Duration(v) });
        Add("--compare-interval", "How often Ready members are compared and made equal, 0s for never", "5m", (s, v) => s with { CompareInterval = Duration(v, 0, 86_400) });
        Add("--fence-after", "How long others may act by a newer topology before this proxy serves no more, 0s for never", "10s", (s, v) => s with { FenceAfter = Duration(v) });
        Add("--drain-delay", "After SIGTERM: how long to go on serving", "5s", (s, v) => s with { DrainDelay = Duration(v) });
        Add("--drain-timeout", "After that: how long requests under way may take", "10s", (s, v) => s with { DrainTimeout = Duration(v) });

        Command = new RootCommand("Replicated memcached: serves clients, writes to every zone, reads from its own.");
        foreach (var flag in _flags)
        {
            flag.Option.DefaultValueFactory = _ => environment(flag.Variable);
            Command.Options.Add(flag.Option);
        }
    }

    public RootCommand Command { get; }

    /// <exception cref="SettingsException">Names every fault.</exception>
    public ProxySettings Read(ParseResult result)
    {
        var settings = new ProxySettings();
        var faults = new List<string>();
        foreach (var flag in _flags)
        {
            if (result.GetValue(flag.Option) is not { Length: > 0 } value) continue;
            try
            {
                settings = flag.Apply(settings, value);
            }
            catch (FormatException e)
            {
                faults.Add($"{flag.Option.Name} (or {flag.Variable}): \"{value}\" {e.Message}");
            }
        }

        if (settings.HedgeDelay >= settings.MemberTimeout) faults.Add("--hedge-delay: must be shorter than --member-timeout");
        if (settings.AdminListen.Port != 0 && settings.AdminListen.Port == settings.MetricsListen.Port) faults.Add("--admin-listen and --metrics-listen: must be different ports");
        if (settings.MaxMemory < settings.LeastMemory) faults.Add("--max-memory: must be at least twice --max-item-size for each of the --loops");
        return faults.Count == 0 ? settings : throw new SettingsException(string.Join(Environment.NewLine, faults));
    }

    private void Add(string name, string help, object defaultValue, Func<ProxySettings, string, ProxySettings> apply)
    {
        var variable = EnvironmentPrefix + name.TrimStart('-').ToUpperInvariant().Replace('-', '_');
        _flags.Add(new Flag(new Option<string?>(name) { Description = $"{help} [default: {defaultValue}; {variable}]" }, variable, apply));
    }

    private static IPEndPoint EndPoint(string text) =>
        IPEndPoint.TryParse(text, out var endPoint) && text.Contains(':', StringComparison.Ordinal) ? endPoint : throw new FormatException("is not ip:port");

    private static int Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException($"is not a number in {min}..{max}");

    private static long Size(string text, long min, long max)
    {
        var digits = text.AsSpan().TrimEnd("KMGiB");
        var shift = text[digits.Length..] switch
        {
            "" => 0,
            "KiB" => 10,
            "MiB" => 20,
            "GiB" => 30,
            _ => -1,
        };
        return shift >= 0 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max >> shift && number << shift >= min
            ? number << shift
            : throw new FormatException($"is not a size in {min}..{max} bytes, such as 65536, 64KiB or 1MiB");
    }

    private static int Milliseconds(string text) =>
        Duration(text) is { TotalMilliseconds: >= 1 and <= 3_600_000 } duration ? (int)duration.TotalMilliseconds : throw new FormatException("is not in 1ms..3600s");

    private static TimeSpan Duration(string text, int minSeconds, int maxSeconds)
    {
        var duration = Duration(text);
        return duration.TotalSeconds >= minSeconds && duration.TotalSeconds <= maxSeconds ? duration : throw new FormatException($"is not in {minSeconds}s..{maxSeconds}s");
    }

    private static TimeSpan Duration(string text)
    {
        var digits = text.AsSpan().TrimEnd("ms");
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw new FormatException("is not a duration such as 200ms or 5s");
        return text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => throw new FormatException("is not a duration such as 200ms or 5s"),
        };
    }

    private sealed record Flag(Option<string?> Option, string Variable, Func<ProxySettings, string, ProxySettings> Apply);
}
