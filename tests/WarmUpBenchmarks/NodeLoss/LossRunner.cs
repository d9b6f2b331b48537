using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CacheOperator.Fleet.Memcached;
using CacheOperator.WarmUpBenchmarks.Clients;

namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

/// <summary>The same loss under the same load, for each variant in turn.</summary>
internal sealed class LossRunner(LossTimes times, int rate)
{
    public const int Connections = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public async Task<LossResult> RunAsync(IZone zone, CopyCase work, CancellationToken cancellationToken)
    {
        await using var client = new LookAsideClient(new ZipfKeys(work.Items), rate, work.ValueBytes, zone.Cache, zone.Neighbour);
        client.Start();
        await Task.Delay(Settling, cancellationToken);
        client.Take();
        var member = new MemberHits(await ReadHitsAsync(zone.Member, cancellationToken));
        var samples = new List<LossSample>();
        var watch = Stopwatch.StartNew();
        var (lost, replaced) = (false, false);
        for (var next = Interval; next <= times.Before + times.Away + times.After; next += Interval)
        {
            if (next > times.Before && !lost)
            {
                lost = true;
                await zone.LoseAsync();
            }

            if (next > times.Before + times.Away && !replaced)
            {
                replaced = true;
                await zone.ReplaceAsync(cancellationToken);
            }

            if (next - watch.Elapsed is { Ticks: > 0 } wait) await Task.Delay(wait, cancellationToken);
            var hits = member.Since(await ReadHitsAsync(zone.Member, cancellationToken));
            var tally = client.Take();
            samples.Add(new LossSample(
                (next - times.Before).TotalSeconds, tally.Gets, hits, tally.BackendReads, tally.Failures, tally.Latency.Percentile(0.99) / 1e6, zone.IsReady));
        }

        return new LossResult(zone.Variant, samples);
    }

    private static async Task<long?> ReadHitsAsync(IPEndPoint? member, CancellationToken cancellationToken)
    {
        if (member is null) return null;
        try
        {
            using var client = await RawClient.ConnectAsync(member, cancellationToken);
            return long.Parse((await client.StatsAsync(cancellationToken))["get_hits"], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    /// <summary>Counts on from one reading to the next, and from zero for another process.</summary>
    private sealed class MemberHits(long? first)
    {
        private long _last = first ?? 0;

        public long Since(long? read)
        {
            if (read is not { } hits)
            {
                _last = 0;
                return 0;
            }

            var since = hits >= _last ? hits - _last : hits;
            _last = hits;
            return since;
        }
    }
}
