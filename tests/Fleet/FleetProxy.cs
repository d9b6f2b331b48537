using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Topology;

namespace CacheOperator.Fleet;

/// <summary>A proxy's process, and its admin API.</summary>
internal sealed class FleetProxy : IAsyncDisposable
{
    private const string AnyPort = "127.0.0.1:0";
    private const int StartedEvent = 4100;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Command _command;
    private readonly string _folder;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private BackgroundProcess? _process;
    private IPEndPoint? _admin;
    private int _starts;

    /// <param name="program">The proxy.</param>
    /// <param name="name">Its name in the topology.</param>
    /// <param name="zone">The zone that it reads from.</param>
    /// <param name="folder">Holds the topology file, the token and the logs.</param>
    /// <param name="arguments">More arguments.</param>
    public FleetProxy(Command program, string name, string zone, FleetFolder folder, IReadOnlyList<string> arguments)
    {
        (Name, Zone, _folder) = (name, zone, folder.Path);
        _command = program with
        {
            Arguments =
            [
                .. program.Arguments,
                "--name", name, "--zone", zone,
                "--topology-file", folder.TopologyFile(name), "--admin-token-file", folder.TokenFile,
                "--admin-listen", AnyPort, "--metrics-listen", AnyPort,
                .. arguments,
            ],
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", folder.Token);
    }

    public string Name { get; }

    public string Zone { get; }

    /// <summary>Where clients connect; stays the same over restarts.</summary>
    public IPEndPoint EndPoint { get; private set; } = IPEndPoint.Parse(AnyPort);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts it, again if need be, and waits until it takes traffic.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var log = Path.Combine(_folder, $"{Name}-{++_starts}.log");
        _process = BackgroundProcess.Start(_command with { Arguments = [.. _command.Arguments, "--listen", EndPoint.ToString()] }, log);
        await _process.WaitUntilAsync(async () => await IsReadyAsync(log, cancellationToken), $"starting {Name}", StartTimeout, cancellationToken);
    }

    /// <summary>How often it was started.</summary>
    public int Starts => _starts;

    /// <summary>Stops without closing anything, as on a machine that hangs.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => _process?.SignalAsync("STOP", cancellationToken) ?? Task.CompletedTask;

    public Task ThawAsync(CancellationToken cancellationToken) => _process?.SignalAsync("CONT", cancellationToken) ?? Task.CompletedTask;

    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    public async Task<ProxyStatus> StatusAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(UriOf(AdminApi.StatusPath), cancellationToken);
        return await TakeStatusAsync(response, cancellationToken);
    }

    /// <summary>Returns once the proxy routes by the document, or by a newer one.</summary>
    public async Task<ProxyStatus> PutTopologyAsync(byte[] document, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(document);
        using var response = await _http.PutAsync(UriOf(AdminApi.TopologyPath), content, cancellationToken);
        return await TakeStatusAsync(response, cancellationToken);
    }

    /// <summary>Null when it does not answer, or not in time: its silence says enough.</summary>
    public async Task<ProxyStatus?> TryStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StatusAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _http.Dispose();
    }

    private async Task<ProxyStatus> TakeStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{Name} answered {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        return TopologyJson.ReadStatus(body);
    }

    private Uri UriOf(string path) => new UriBuilder(Uri.UriSchemeHttp, _admin!.Address.ToString(), _admin.Port, path).Uri;

    private async Task<bool> IsReadyAsync(string log, CancellationToken cancellationToken) =>
        TryReadEndPoints(log) && await TryStatusAsync(cancellationToken) is { Ready: true };

    /// <summary>The proxy took free ports; its log says which.</summary>
    private bool TryReadEndPoints(string log)
    {
        foreach (var line in File.Exists(log) ? File.ReadAllLines(log) : [])
        {
            if (!line.StartsWith('{') || !line.EndsWith('}'))
                continue;
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("EventId").GetInt32() != StartedEvent)
                continue;
            var state = entry.RootElement.GetProperty("State");
            EndPoint = IPEndPoint.Parse(state.GetProperty(nameof(EndPoint)).GetString()!);
            _admin = IPEndPoint.Parse(state.GetProperty("Admin").GetString()!);
            return true;
        }

        return false;
    }
}
