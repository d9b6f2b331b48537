using CacheOperator.Provisioning.Memcached;

namespace CacheOperator.Benchmarks.Targets;

/// <summary>The three memcached processes, one a zone, that all proxies work with.</summary>
internal sealed class Members : IAsyncDisposable
{
    public const int Zones = 3;

    /// <summary>Allowed to each process: room for the idle ones and for more.</summary>
    public const int MaxClients = 16384;

    /// <summary>A thread each: on a small machine more of them only take turns. Memory for all keys, and descriptors for all clients.</summary>
    public static IReadOnlyList<string> Arguments(int threads) => ["-t", $"{threads}", "-m", "1024", "-c", $"{MaxClients}"];

    private readonly List<MemcachedServer> _servers = [];

    public IReadOnlyList<Store> Stores => [.. _servers.Select(server => new Store(server.EndPoint, server.Process.Id))];

    public static async Task<Members> StartAsync(string memcached, CancellationToken cancellationToken)
    {
        var members = new Members();
        for (var zone = 0; zone < Zones; zone++)
            members._servers.Add(await MemcachedServer.StartAsync(memcached, cancellationToken, arguments: Arguments(threads: 1)));
        return members;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }
}
