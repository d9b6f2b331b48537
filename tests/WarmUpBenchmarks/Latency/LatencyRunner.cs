using CacheOperator.WarmUpBenchmarks.Clients;
using CacheOperator.WarmUpBenchmarks.Copying;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>What clients that read the source directly notice of a copy: a while without one, one, and so on, in turn for every pace.</summary>
internal sealed class LatencyRunner(string memcached, ProxyCopy copier, int rounds)
{
    /// <summary>Gets a second, so few that neither the source nor the client is busy with them.</summary>
    public const int Rate = 10_000;
    public const int Connections = 16;

    /// <summary>The default, and one for those to whom that is too much.</summary>
    public static readonly IReadOnlyList<long> Paces = [0, 25_000_000];

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);

    public async Task<IReadOnlyList<LatencyResult>> RunAsync(CopyCase work, CancellationToken cancellationToken)
    {
        await using var members = await MemberPair.StartAsync(memcached, work, cancellationToken);
        await using var client = new LookAsideClient(new ZipfKeys(work.Items), Rate, work.ValueBytes, new Lane(members.Source.EndPoint, Connections));
        client.Start();
        await Task.Delay(Settling, cancellationToken);
        var results = Paces.ToDictionary(pace => pace, _ => new List<LatencyRound>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var pace in Paces)
                results[pace].Add(await RunAsync(members, client, work, pace, cancellationToken));
        }

        return [.. Paces.Select(pace => new LatencyResult(pace, results[pace]))];
    }

    private async Task<LatencyRound> RunAsync(MemberPair members, LookAsideClient client, CopyCase work, long pace, CancellationToken cancellationToken)
    {
        await members.EmptyTargetAsync(cancellationToken);
        client.Take();
        await Task.Delay(Quiet, cancellationToken);
        var without = LatencySample.Of(client.Take());
        await using var copy = await copier.StartAsync(members, pace, cancellationToken);
        await copy.BeginningAsync(cancellationToken);
        client.Take();
        var outcome = await copy.EndAsync(work, cancellationToken);
        return new LatencyRound(without, LatencySample.Of(client.Take()), outcome.Items / outcome.Seconds);
    }
}
