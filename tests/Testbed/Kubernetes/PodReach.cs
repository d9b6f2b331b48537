using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CacheOperator.Provisioning.Processes;
using k8s.Models;

namespace CacheOperator.Testbed.Kubernetes;

/// <summary>
/// Makes ports of pods reachable from here: directly where pod addresses are routed (the local cluster), else through
/// <c>kubectl port-forward</c>, which lives as long as this object.
/// </summary>
public sealed partial class PodReach(KubectlClient kubectl) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForwardTimeout = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, string> _forwarded = [];
    private readonly List<BackgroundProcess> _forwards = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("port-forward-").FullName;

    /// <summary><c>host:port</c> by which the pod's port answers here.</summary>
    public async Task<string> OpenAsync(V1Pod pod, int port, CancellationToken cancellationToken)
    {
        if (await AnswersAsync(pod.Status.PodIP, port, cancellationToken)) return $"{pod.Status.PodIP}:{port}";
        var key = $"{pod.Metadata.Uid}-{port}";
        if (!_forwarded.TryGetValue(key, out var endpoint)) _forwarded[key] = endpoint = await ForwardAsync(pod, port, key, cancellationToken);
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var forward in _forwards) await forward.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(string? address, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConnectTimeout);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Parse(address ?? string.Empty), port, patience.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or FormatException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<string> ForwardAsync(V1Pod pod, int port, string key, CancellationToken cancellationToken)
    {
        var log = Path.Combine(_folder, key);
        var command = kubectl.Command(
            "port-forward", "--namespace", pod.Metadata.NamespaceProperty, $"pod/{pod.Metadata.Name}", string.Create(CultureInfo.InvariantCulture, $":{port}"));
        var forward = BackgroundProcess.Start(command, log);
        _forwards.Add(forward);
        Match match = Match.Empty;
        await forward.WaitUntilAsync(
            async () => File.Exists(log) && (match = Forwarding().Match(await File.ReadAllTextAsync(log, cancellationToken))).Success,
            $"reaching {pod.Metadata.Name} by kubectl port-forward",
            ForwardTimeout,
            cancellationToken);
        return match.Groups[1].Value;
    }

    [GeneratedRegex(@"Forwarding from (127\.0\.0\.1:\d+) ->")]
    private static partial Regex Forwarding();
}
