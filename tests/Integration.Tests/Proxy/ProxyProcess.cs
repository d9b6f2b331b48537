using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Provisioning.Publishing;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>The proxy as a process of its own, with a topology file.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private const string AnyPort = "127.0.0.1:0";
    private const int StartedEvent = 4100;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxy-process-");
    private readonly HttpClient _http = new();
    private BackgroundProcess? _process;

    private ProxyProcess()
    {
    }

    /// <summary>The program as it was built for these tests.</summary>
    public static PublishedProgram Built { get; } = new(AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "cache-proxy"), "built");

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    public Uri Metrics { get; private set; } = new("http://none");

    public int Id => _process!.Id;

    public string Log => File.ReadAllText(_process!.LogFile);

    /// <param name="document">Its topology; one that lists the proxy <c>proxy-0</c> of zone <c>a</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="arguments">More arguments.</param>
    /// <param name="openFiles">The limit of open files; null for that of the tests.</param>
    public static async Task<ProxyProcess> StartAsync(
        TopologyDocument document, CancellationToken cancellationToken, IReadOnlyList<string>? arguments = null, int? openFiles = null)
    {
        var proxy = new ProxyProcess();
        try
        {
            await proxy.WriteTopologyAsync(document, cancellationToken);
            var command = Limited(Command(["--topology-file", proxy.TopologyFile, .. arguments ?? []]), openFiles);
            proxy._process = BackgroundProcess.Start(command, Path.Combine(proxy._folder.FullName, "log"));
            await proxy._process.WaitUntilAsync(() => proxy.IsReadyAsync(cancellationToken), "starting the proxy", StartTimeout, cancellationToken);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts another topology into its file.</summary>
    public Task WriteTopologyAsync(TopologyDocument document, CancellationToken cancellationToken) =>
        File.WriteAllBytesAsync(TopologyFile, TopologyJson.Write(document), cancellationToken);

    /// <summary>The command that starts a proxy with free ports.</summary>
    public static Command Command(IReadOnlyList<string> arguments) =>
        Built.Command(["--name", "proxy-0", "--zone", "a", "--listen", AnyPort, "--metrics-listen", AnyPort, .. arguments.Contains("--admin-listen") ? Array.Empty<string>() : ["--admin-listen", AnyPort], .. arguments]);

    /// <summary>The same with a limit of open files.</summary>
    public static Command Limited(Command command, int? openFiles) =>
        openFiles is { } limit ? command with { Program = "prlimit", Arguments = [$"--nofile={limit}:{limit}", command.Program, .. command.Arguments] } : command;

    /// <summary>The metrics without labels, by name.</summary>
    public async Task<Dictionary<string, double>> MetricsAsync(CancellationToken cancellationToken) =>
        (await _http.GetStringAsync(Metrics, cancellationToken)).Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#' && !line.Contains('{', StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));

    /// <summary>Bytes of memory in use: the most there ever were.</summary>
    public long PeakMemory() => ProcessMemory.Peak(Id);

    /// <summary>Time of processors used.</summary>
    public TimeSpan CpuTime()
    {
        using var process = Process.GetProcessById(Id);
        return process.TotalProcessorTime;
    }

    /// <summary>Bytes of memory in use.</summary>
    public long Memory() => ProcessMemory.Resident(Id);

    /// <summary>Once it has ended.</summary>
    public int ExitCode => _process!.ExitCode;

    public int OpenFiles() => Directory.GetFiles($"/proc/{Id}/fd").Length;

    /// <summary>Ends it with SIGTERM.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _process!.StopAsync(StartTimeout, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private string TopologyFile => Path.Combine(_folder.FullName, "topology.json");

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        if (!TryReadEndPoints()) return false;
        using var response = await _http.GetAsync(new Uri(Metrics, "/readyz"), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private bool TryReadEndPoints()
    {
        foreach (var line in File.Exists(_process!.LogFile) ? File.ReadAllLines(_process.LogFile) : [])
        {
            if (!line.StartsWith('{') || !line.EndsWith('}')) continue;
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("EventId").GetInt32() != StartedEvent) continue;
            var state = entry.RootElement.GetProperty("State");
            EndPoint = IPEndPoint.Parse(state.GetProperty(nameof(EndPoint)).GetString()!);
            Metrics = new Uri($"http://{state.GetProperty(nameof(Metrics)).GetString()}{AdminApi.MetricsPath}");
            return true;
        }

        return false;
    }
}
