using System.Globalization;
using System.Net;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Memcached;

/// <summary>A real memcached on loopback. It can be killed and started again on the same port, empty, as a restarted container is.</summary>
public sealed class MemcachedServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(15);
    private readonly string _program;
    private readonly string[] _arguments;
    private readonly string _folder = Directory.CreateTempSubdirectory("memcached-").FullName;
    private BackgroundProcess? _process;

    private MemcachedServer(string program, string[] arguments, IPAddress address)
    {
        (_program, _arguments) = (program, arguments);
        EndPoint = new IPEndPoint(address, 0);
    }

    public IPEndPoint EndPoint { get; private set; }

    /// <summary>The running process, to freeze it (<c>SignalAsync("STOP")</c>) or to read its log.</summary>
    public BackgroundProcess Process => _process ?? throw new InvalidOperationException("memcached is not started");

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="program">What <see cref="MemcachedBinary.EnsureAsync"/> returned.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="arguments">More arguments, such as <c>-m 64</c>.</param>
    /// <param name="address">Loopback address; 127.0.0.1 when null.</param>
    public static async Task<MemcachedServer> StartAsync(
        string program, CancellationToken cancellationToken, int port = 0, IReadOnlyList<string>? arguments = null, IPAddress? address = null)
    {
        var server = new MemcachedServer(program, [.. arguments ?? []], address ?? IPAddress.Loopback);
        try
        {
            await server.StartAsync(port, cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Kills it, when it still runs, and starts an empty one on the same port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Process.DisposeAsync();
        await StartAsync(EndPoint.Port, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(int port, CancellationToken cancellationToken)
    {
        // memcached writes this file once it listens: no guessing of free ports, no polling by connections.
        var portFile = Path.Combine(_folder, "port");
        File.Delete(portFile);
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "root"] : [];
        var command = new Command(_program, ["-l", $"{EndPoint.Address}", "-p", $"{(port == 0 ? -1 : port)}", "-U", "0", .. user, .. _arguments])
        {
            Environment = new Dictionary<string, string> { ["MEMCACHED_PORT_FILENAME"] = portFile },
        };
        _process = BackgroundProcess.Start(command, Path.Combine(_folder, "log"));
        await _process.WaitUntilAsync(() => Task.FromResult(File.Exists(portFile)), "starting memcached", StartTimeout, cancellationToken);
        EndPoint = new IPEndPoint(EndPoint.Address, ParsePort(await File.ReadAllTextAsync(portFile, cancellationToken)));
    }

    /// <summary>The file's content is <c>TCP INET: 38211</c>.</summary>
    private static int ParsePort(string file) =>
        int.Parse(file.Split('\n').First(line => line.StartsWith("TCP", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);
}
