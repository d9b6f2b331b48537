using System.Net;
using System.Net.Http.Headers;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning;
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
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public Contender Contender => Contender.CacheProxy;

    /// <summary>Bound of the copy; 0 for none.</summary>
    public long MaxBytesPerSecond { get; init; }

    public async Task<CopyOutcome> CopyAsync(MemberPair members, CopyCase work, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString("N");
        var (tokenFile, topologyFile) = (Path.Combine(folder, "token"), Path.Combine(folder, "topology.json"));
        await File.WriteAllTextAsync(tokenFile, token, cancellationToken);
        await File.WriteAllBytesAsync(topologyFile, TopologyJson.Write(Document(members)), cancellationToken);
        var admin = TargetStarter.FreeEndPoint();
        await using var process = BackgroundProcess.Start(
            new Command(
                program, "--name", Name, "--zone", "a", "--topology-file", topologyFile, "--admin-token-file", tokenFile,
                "--listen", "127.0.0.1:0", "--admin-listen", $"{admin}", "--metrics-listen", "127.0.0.1:0"),
            Path.Combine(folder, "proxy.log"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://{admin}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        CopyStatus? status = null;
        await process.WaitUntilAsync(
            async () => (status = await StatusAsync(http, cancellationToken)) is { Phase: not CopyPhase.Running }, "copying", Patience, cancellationToken);
        if (status is not { Phase: CopyPhase.Succeeded, Missing: 0 } || status.Copied != work.Items)
            throw new ProvisioningException($"the copy is not complete: {status}");
        return new CopyOutcome(
            status.Copied,
            (status.FinishedAt!.Value - status.StartedAt).TotalSeconds,
            TimeSpan.FromMicroseconds(CpuClock.OfProcess(process.Id) / 1000.0),
            ProcessMemory.Peak(process.Id));
    }

    private static async Task<CopyStatus?> StatusAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await http.GetByteArrayAsync(AdminApi.StatusPath, cancellationToken);
            return TopologyJson.ReadStatus(answer).Copies.SingleOrDefault();
        }
        catch (HttpRequestException)
        {
            return null; // It is still starting.
        }
    }

    private TopologyDocument Document(MemberPair members) => new()
    {
        Cache = "local/warm-up",
        Generation = 1,
        Zones = ["a", "b"],
        Members = [MemberOf("source", "b", members.Source.EndPoint, MemberState.Ready), MemberOf("target", "a", members.Target.EndPoint, MemberState.Warming)],
        Proxies = [new ProxyIdentity { Name = Name, Number = 1 }],
        Copies = [new CopyAssignment { Id = "copy", Proxy = Name, Source = "source", Target = "target", MaxBytesPerSecond = MaxBytesPerSecond }],
    };

    private static Member MemberOf(string uid, string zone, IPEndPoint endPoint, MemberState state) =>
        new() { Uid = uid, Name = uid, Zone = zone, Shard = 0, Address = endPoint.ToString(), State = state };
}
