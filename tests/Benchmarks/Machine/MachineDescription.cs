using System.Globalization;
using System.Runtime.InteropServices;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Benchmarks.Machine;

/// <summary>On what the numbers were taken, without telling whose it is.</summary>
internal sealed record MachineDescription(string Processor, int Cores, long MemoryBytes, string System, string Kernel, IReadOnlyList<string> Versions)
{
    public static async Task<MachineDescription> ReadAsync(Programs programs, CancellationToken cancellationToken)
    {
        var memcached = await new Command(programs.Memcached, "--version").RunAsync(cancellationToken);
        var twemproxy = await new Command(programs.Twemproxy, "--version").TryRunAsync(cancellationToken);
        // "This is nutcracker-0.5.0", on stderr.
        return Of(memcached.Trim(), $"twemproxy {(twemproxy.Output + twemproxy.Error).Split('\n')[0].Split('-')[^1].Trim()}");
    }

    /// <param name="peers">Names and versions of what is measured beside the proxy.</param>
    public static MachineDescription Of(params IEnumerable<string> peers) => new(
        Field("/proc/cpuinfo", "model name"),
        Environment.ProcessorCount,
        long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) << 10,
        Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"'),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        [.. peers, $"cache-proxy {typeof(MachineDescription).Assembly.GetName().Version?.ToString(3)} (NativeAOT, .NET {Environment.Version}, {RuntimeInformation.ProcessArchitecture})"]);

    private static string Field(string file, string name, char separator = ':') =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[^1].Trim() ?? "unknown";
}
