using CacheOperator.WarmUpBenchmarks.Clients;
using CacheOperator.WarmUpBenchmarks.Copying;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>What clients that read the source directly notice of a copy: a while without one, one, and so on, in turn for every case.</summary>
internal sealed class LatencyRunner(string memcached, ProxyCopy copier, int rounds)
{
    /// <summary>Gets a second, so few that neither the source nor the client is busy with them.</summary>
    public const int Rate = 10_000;
    public const int Connections = 16;

    /// <summary>The default, a pace for those to whom that is too much, and what of it is the source's own part.</summary>
    private static readonly LatencyCase[] Cases = [new(0, Placement.Shared), new(25_000_000, Placement.Shared), new(0, Placement.Apart)];

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);

    public async Task<IReadOnlyList<LatencyResult>> RunAsync(CopyCase work, CancellationToken cancellationToken)
    {
        await using var members = await MemberPair.StartAsync(memcached, work, cancellationToken);
        await using var client = new LookAsideClient(new ZipfKeys(work.Items), Rate, work.ValueBytes, new Lane(members.Source.EndPoint, Connections));
        client.Start();
        await Task.Delay(Settling, cancellationToken);
        LatencyCase[] cases = [.. Cases.Where(@case => @case.Placement == Placement.Shared || Environment.ProcessorCount > 1)];
        var results = cases.ToDictionary(@case => @case, _ => new List<LatencyRound>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var @case in cases)
                results[@case].Add(await RunAsync(members, client, work, @case, cancellationToken));
        }

        return [.. cases.Select(@case => new LatencyResult(@case, results[@case]))];
    }

    private async Task<LatencyRound> RunAsync(MemberPair members, LookAsideClient client, CopyCase work, LatencyCase @case, CancellationToken cancellationToken)
    {
        var isApart = @case.Placement == Placement.Apart;
        await using var processors = await Processors.PlaceAsync(@case.Placement, members.Source.Process.Id, cancellationToken);
        await members.EmptyTargetAsync(cancellationToken);
        if (isApart) await Processors.YieldAsync(members.Target.Process.Id, cancellationToken);
        client.Take();
        await Task.Delay(Quiet, cancellationToken);
        var without = LatencySample.Of(client.Take());
        await using var copy = await copier.StartAsync(members, @case.MaxBytesPerSecond, cancellationToken, yields: isApart);
        await copy.BeginningAsync(cancellationToken);
        client.Take();
        var outcome = await copy.EndAsync(work, cancellationToken);
        return new LatencyRound(without, LatencySample.Of(client.Take()), outcome.Items / outcome.Seconds);
    }
}
