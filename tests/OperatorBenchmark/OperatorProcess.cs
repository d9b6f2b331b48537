using System.Diagnostics;
using System.Globalization;
using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Provisioning.Publishing;

namespace CacheOperator.OperatorBenchmark;

/// <summary>The operator as it is shipped, a process that acts as a user of its own.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly BackgroundProcess _process;
    private readonly HttpClient _http;

    private OperatorProcess(BackgroundProcess process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>How long it has been running.</summary>
    public Stopwatch Running { get; } = Stopwatch.StartNew();

    public TimeSpan Cpu
    {
        get
        {
            using var process = Process.GetProcessById(_process.Id);
            return process.TotalProcessorTime;
        }
    }

    public long ResidentBytes => ProcessMemory.Resident(_process.Id);

    public long PeakBytes => ProcessMemory.Peak(_process.Id);

    public static async Task<OperatorProcess> StartAsync(
        ApiServerProcess server, string user, string folder, IProgress<string> progress, CancellationToken cancellationToken, string identity = "benchmark")
    {
        var program = await ProjectPublisher.PublishAsync("operator/CacheOperator.Operator.csproj", PublishMode.SelfContained, progress, cancellationToken);
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, Kubeconfig(server, user), cancellationToken);
        var port = FreePorts.Take();
        var process = BackgroundProcess.Start(
            program.Command("--kubeconfig", kubeconfig, "--namespace", "default", "--identity", identity, "--port", port.ToString(CultureInfo.InvariantCulture)),
            Path.Combine(folder, $"{identity}.log"));
        return new OperatorProcess(process, port);
    }

    /// <summary>A metric's value, summed over its labels; 0 while the operator does not answer.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var text = await _http.GetStringAsync(new Uri("metrics", UriKind.Relative), cancellationToken);
            return text.Split('\n')
                .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ' ' or '{')
                .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>Whether it says that it has read everything that it needs to lead.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("readyz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _process.StopAsync(TimeSpan.FromSeconds(30), cancellationToken);

    /// <summary>As <c>kill -9</c> does.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }

    private static string Kubeconfig(ApiServerProcess server, string user) =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: benchmark
        clusters: [{ name: benchmark, cluster: { server: "{{server.Url}}", insecure-skip-tls-verify: true } }]
        users: [{ name: operator, user: { token: {{server.TokenOf(user)}} } }]
        contexts: [{ name: benchmark, context: { cluster: benchmark, user: operator } }]
        """;
}
