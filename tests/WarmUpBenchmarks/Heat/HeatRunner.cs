using System.Diagnostics;
using System.Globalization;
using CacheOperator.Fleet.Memcached;
using CacheOperator.Provisioning;
using CacheOperator.WarmUpBenchmarks.Clients;
using CacheOperator.WarmUpBenchmarks.Copying;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Heat;

/// <summary>
/// Uses the source by Zipf's law for a while, through a proxy, has that proxy copy it slowly, and stops the copy now and then to see which keys have arrived.
/// </summary>
/// <param name="memcached">The program.</param>
/// <param name="copier">Copies.</param>
/// <param name="reading">How long the source is used before.</param>
internal sealed class HeatRunner(string memcached, ProxyCopy copier, TimeSpan reading)
{
    private const int Rate = 100_000;
    private const int Connections = 8;

    /// <summary>A full source has memory for one in so many.</summary>
    private const int FullShare = 2;

    /// <summary>Of which memcached cannot do with less.</summary>
    private const int LeastMegabytes = 2;

    /// <summary>What memcached adds to a value of these, roughly; decides only how long the copy takes.</summary>
    private const int ItemOverhead = 65;
    private const string KeyPrefix = "key:";
    private static readonly TimeSpan CopyTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private static readonly double[] Levels = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <param name="work">What is asked for.</param>
    /// <param name="use">How.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HeatResult> RunAsync(CopyCase work, HeatUse use, CancellationToken cancellationToken)
    {
        var keys = new ZipfKeys(work.Items);
        int? memory = use.IsFull ? Math.Max(LeastMegabytes, (int)(work.Items * (long)(work.ValueBytes + ItemOverhead) / FullShare >> 20)) : null;
        await using var members = await MemberPair.StartAsync(memcached, work, cancellationToken, memory);
        await using var copy = await copier.ServeAsync(members, cancellationToken);
        long reads;
        await using (var client = new LookAsideClient(keys, Rate, work.ValueBytes, new Lane(copy.EndPoint, Connections), writes: use.Writes))
        {
            client.Start();
            await Task.Delay(reading, cancellationToken);
            reads = client.Take().Gets;
        }

        double[] shares = [.. SharesOf(keys, await Contents.ListAsync(members.Source.EndPoint, cancellationToken)).OrderDescending()];
        var pace = (long)(shares.Length * (long)(work.ValueBytes + ItemOverhead) / CopyTime.TotalSeconds);
        await copy.AssignAsync(ProxyCopy.CopyTo(members, pace), cancellationToken);
        await copy.BeginningAsync(cancellationToken);
        var samples = new List<HeatSample>();
        var watch = Stopwatch.StartNew();
        foreach (var level in Levels)
        {
            while (await MemberPair.StatisticAsync(members.Target.EndPoint, "curr_items", cancellationToken) < level * shares.Length)
            {
                if (watch.Elapsed > Patience) throw new ProvisioningException($"the copy did not reach {level:P0} within {Patience.TotalSeconds:0} s");
                await Task.Delay(Poll, cancellationToken);
            }

            await copy.FreezeAsync(cancellationToken);
            samples.Add(SampleOf(shares, [.. SharesOf(keys, await Contents.ListAsync(members.Target.EndPoint, cancellationToken))]));
            await copy.ThawAsync(cancellationToken);
        }

        await copy.EndAsync(work with { Items = shares.Length }, cancellationToken);
        return new HeatResult(use, work.Items, shares.Length, reads, samples);
    }

    private static IEnumerable<double> SharesOf(ZipfKeys keys, List<KeyValuePair<string, long>> held) =>
        held.Select(entry => keys.ShareOf(int.Parse(entry.Key.AsSpan(KeyPrefix.Length), CultureInfo.InvariantCulture)));

    /// <param name="source">What the source's items are worth, the most popular first.</param>
    /// <param name="target">What those are worth that have arrived.</param>
    private static HeatSample SampleOf(double[] source, double[] target) =>
        new((double)target.Length / source.Length, target.Sum() / source.Sum(), source.Take(target.Length).Sum() / source.Sum());
}
