using System.Globalization;
using System.Text.Json;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Testbed.Load;

/// <summary>
/// A memcached client that nobody here wrote, Debian's pymemcache, driven by <c>load.py</c>. Values, flags and times to live follow from
/// the keys, so that every answer is verified.
/// </summary>
/// <param name="Endpoints"><c>host:port</c> of each proxy (or Service) to use.</param>
public sealed record LoadClient(IReadOnlyList<string> Endpoints)
{
    private const string Python = "/usr/bin/python3";
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "load.py");

    public string Prefix { get; init; } = "demo";

    public int Keys { get; init; } = 100_000;

    /// <summary>Seconds to live, given to the keys in turn; 0 is for ever. Keys that live less than ten minutes are not read by <see cref="Start"/>.</summary>
    public IReadOnlyList<int> TimesToLive { get; init; } = [0, 3600, 86400];

    /// <summary>Operations a second, all connections together.</summary>
    public int Rate { get; init; } = 2000;

    public int ConnectionsPerEndpoint { get; init; } = 2;

    /// <summary>Share of sets and deletes of keys beside the filled ones, and as much again of reading them back; 0..0.5.</summary>
    public double Writes { get; init; } = 0.05;

    /// <summary>Over how many connections, one after the other, <see cref="Start"/> tries an operation; a late answer is an error at once.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Which values <see cref="FillAsync"/> writes and <see cref="CheckAsync"/> expects: each number gives every key another one.</summary>
    public int Write { get; init; }

    public static Task EnsureInstalledAsync(IProgress<string>? progress, CancellationToken cancellationToken) =>
        DebianPackages.EnsureAsync(["python3", "python3-pymemcache"], progress, cancellationToken);

    /// <summary>Sets every key once.</summary>
    public Task<LoadReport> FillAsync(CancellationToken cancellationToken) => RunToEndAsync("fill", ["--write", Text(Write)], cancellationToken);

    /// <summary>Reads every key once.</summary>
    /// <param name="sinceFill">How long ago <see cref="FillAsync"/> began: shorter-lived keys may be gone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<LoadReport> CheckAsync(TimeSpan sinceFill, CancellationToken cancellationToken) =>
        RunToEndAsync("check", ["--write", Text(Write), "--filled-ago", Text(Math.Ceiling(sinceFill.TotalSeconds) + 1)], cancellationToken);

    /// <summary>Reads at <see cref="Rate"/> until stopped.</summary>
    /// <param name="logFile">Takes one report a second.</param>
    public RunningLoad Start(string logFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(logFile))!);
        File.Delete(logFile);
        string[] pace = ["--rate", Text(Rate), "--connections", Text(ConnectionsPerEndpoint), "--writes", Text(Writes), "--attempts", Text(Attempts)];
        return new RunningLoad(BackgroundProcess.Start(Command("run", pace), logFile));
    }

    private async Task<LoadReport> RunToEndAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        var result = await Command(command, arguments).TryRunAsync(cancellationToken);
        return result.Output.Split('\n').Select(Parse).OfType<LoadReport>().LastOrDefault()
            ?? throw new ProvisioningException($"the load client ended with code {result.ExitCode}: {result.Error}");
    }

    private Command Command(string command, string[] arguments) => new(
        Python,
        [
            Script, command,
            "--endpoints", string.Join(',', Endpoints),
            "--prefix", Prefix,
            "--keys", Text(Keys),
            "--ttls", string.Join(',', TimesToLive),
            .. arguments,
        ]);

    /// <summary>The report in a line of output; null when it holds none.</summary>
    internal static LoadReport? Parse(string line) =>
        line.StartsWith('{') && line.EndsWith('}') ? JsonSerializer.Deserialize<LoadReport>(line, JsonSerializerOptions.Web) : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
