using System.Net;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Topology;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>A proxy whose topology tells it to copy.</summary>
/// <param name="program">The proxy.</param>
/// <param name="folder">For its files.</param>
internal sealed class ProxyCopy(string program, string folder) : ICopier
{
    private const string Name = "proxy-1";

    public Contender Contender => Contender.CacheProxy;

    public async Task<CopyOutcome> CopyAsync(MemberPair members, CopyCase work, CancellationToken cancellationToken)
    {
        await using var copy = await StartAsync(members, maxBytesPerSecond: 0, cancellationToken);
        return await copy.EndAsync(work, cancellationToken);
    }

    /// <param name="members">Between which.</param>
    /// <param name="maxBytesPerSecond">Bound of the copy; 0 for none, which is the default of a cache.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="yields">Whether it runs only when nobody else wants to.</param>
    public async Task<RunningCopy> StartAsync(MemberPair members, long maxBytesPerSecond, CancellationToken cancellationToken, bool yields = false) =>
        await StartAsync(WithCopy(members, maxBytesPerSecond, generation: 1), yields, cancellationToken);

    /// <summary>Starts a proxy in front of the source, as its clients' own.</summary>
    public Task<RunningCopy> ServeAsync(MemberPair members, CancellationToken cancellationToken) =>
        StartAsync(Serving(members, generation: 1), yields: false, cancellationToken);

    /// <summary>What tells a proxy that serves to copy from now on.</summary>
    /// <inheritdoc cref="StartAsync(MemberPair, long, CancellationToken, bool)"/>
    public static TopologyDocument CopyTo(MemberPair members, long maxBytesPerSecond) => WithCopy(members, maxBytesPerSecond, generation: 2);

    private async Task<RunningCopy> StartAsync(TopologyDocument document, bool yields, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString("N");
        var (tokenFile, topologyFile) = (Path.Combine(folder, "token"), Path.Combine(folder, "topology.json"));
        await File.WriteAllTextAsync(tokenFile, token, cancellationToken);
        await File.WriteAllBytesAsync(topologyFile, TopologyJson.Write(document), cancellationToken);
        var (listen, admin) = (TargetStarter.FreeEndPoint(), TargetStarter.FreeEndPoint());
        string[] command = yields ? ["nice", "-n", "19", program] : [program];
        var process = BackgroundProcess.Start(
            new Command(
                command[0],
                [.. command[1..], "--name", Name, "--zone", "a", "--topology-file", topologyFile, "--admin-token-file", tokenFile,
                "--listen", $"{listen}", "--admin-listen", $"{admin}", "--metrics-listen", "127.0.0.1:0"]),
            Path.Combine(folder, "proxy.log"));
        return new RunningCopy(process, listen, new Uri($"http://{admin}"), token);
    }

    private static TopologyDocument Serving(MemberPair members, long generation) => new()
    {
        Cache = "local/warm-up",
        Generation = generation,
        Zones = ["a", "b"],
        Members = [MemberOf("source", "b", members.Source.EndPoint, MemberState.Ready)],
        Proxies = [new ProxyIdentity { Name = Name, Number = 1 }],
    };

    private static TopologyDocument WithCopy(MemberPair members, long maxBytesPerSecond, long generation)
    {
        var serving = Serving(members, generation);
        return serving with
        {
            Members = [.. serving.Members, MemberOf("target", "a", members.Target.EndPoint, MemberState.Warming)],
            Copies = [new CopyAssignment { Id = "copy", Proxy = Name, Source = "source", Target = "target", MaxBytesPerSecond = maxBytesPerSecond }],
        };
    }

    private static Member MemberOf(string uid, string zone, IPEndPoint endPoint, MemberState state) =>
        new() { Uid = uid, Name = uid, Zone = zone, Shard = 0, Address = endPoint.ToString(), State = state };
}
