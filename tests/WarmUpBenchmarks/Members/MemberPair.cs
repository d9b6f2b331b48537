using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CacheOperator.Provisioning.Memcached;

namespace CacheOperator.WarmUpBenchmarks.Members;

/// <summary>A filled member and an empty one, a thread each.</summary>
internal sealed class MemberPair : IAsyncDisposable
{
    private MemberPair(MemcachedServer source, MemcachedServer target) => (Source, Target) = (source, target);

    public MemcachedServer Source { get; }

    public MemcachedServer Target { get; }

    /// <param name="program">memcached.</param>
    /// <param name="work">What the source holds.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="sourceMegabytes">Memory of the source; null for enough.</param>
    public static async Task<MemberPair> StartAsync(string program, CopyCase work, CancellationToken cancellationToken, int? sourceMegabytes = null)
    {
        string[] Arguments(int megabytes) => ["-t", "1", "-m", $"{megabytes}"];
        var source = await MemcachedServer.StartAsync(program, cancellationToken, arguments: Arguments(sourceMegabytes ?? work.MemoryMegabytes));
        var target = await MemcachedServer.StartAsync(program, cancellationToken, arguments: Arguments(work.MemoryMegabytes));
        await Task.Run(() => SourceFill.Run(source.EndPoint, work), cancellationToken);
        return new MemberPair(source, target);
    }

    /// <summary>Another empty target: a flushed one would keep its memory and its hash table.</summary>
    public Task EmptyTargetAsync(CancellationToken cancellationToken) => Target.RestartAsync(cancellationToken);

    /// <summary>A number of a member's statistics.</summary>
    public static async Task<long> StatisticAsync(IPEndPoint member, string name, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(member, cancellationToken);
        await client.GetStream().WriteAsync("stats\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != "END")
        {
            if (line.Split(' ') is ["STAT", var found, var value] && found == name)
                return long.Parse(value, CultureInfo.InvariantCulture);
        }

        throw new InvalidOperationException($"memcached tells no {name}");
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}
