using System.Diagnostics;
using System.Globalization;
using CacheOperator.Fleet.Memcached;
using CacheOperator.Provisioning;
using CacheOperator.WarmUpBenchmarks.Clients;
using CacheOperator.WarmUpBenchmarks.Copying;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Heat;

/// <summary>
/// Uses the source by Zipf's law for a while, has it copied slowly, and stops the copy now and then to see which keys have arrived.
/// </summary>
/// <param name="memcached">The program.</param>
/// <param name="copier">Copies.</param>
/// <param name="reading">How long the source is used before: memcached's notion of heat is the second of the last access, and it does not note every one.</param>
internal sealed class HeatRunner(string memcached, ProxyCopy copier, TimeSpan reading)
{
    private const int Rate = 100_000;
    private const int Connections = 8;

    /// <summary>What memcached adds to a value of these, roughly; decides only how long the copy takes.</summary>
    private const int ItemOverhead = 65;
    private const string KeyPrefix = "key:";
    private static readonly TimeSpan CopyTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private static readonly double[] Levels = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <param name="work">What the source holds.</param>
    /// <param name="writes">Which part of the requests are sets.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HeatResult> RunAsync(CopyCase work, double writes, CancellationToken cancellationToken)
    {
        var keys = new ZipfKeys(work.Items);
        await using var members = await MemberPair.StartAsync(memcached, work, cancellationToken);
        long reads;
        await using (var client = new LookAsideClient(keys, Rate, work.ValueBytes, new Lane(members.Source.EndPoint, Connections), writes: writes))
        {
            client.Start();
            await Task.Delay(reading, cancellationToken);
            reads = client.Take().Gets;
        }

        var pace = (long)(work.Items * (long)(work.ValueBytes + ItemOverhead) / CopyTime.TotalSeconds);
        await using var copy = await copier.StartAsync(members, pace, cancellationToken);
        await copy.BeginningAsync(cancellationToken);
        var samples = new List<HeatSample>();
        var watch = Stopwatch.StartNew();
        foreach (var level in Levels)
        {
            while (await MemberPair.StatisticAsync(members.Target.EndPoint, "curr_items", cancellationToken) < level * work.Items)
            {
                if (watch.Elapsed > Patience) throw new ProvisioningException($"the copy did not reach {level:P0} within {Patience.TotalSeconds:0} s");
                await Task.Delay(Poll, cancellationToken);
            }

            await copy.FreezeAsync(cancellationToken);
            samples.Add(SampleOf(keys, await Contents.ListAsync(members.Target.EndPoint, cancellationToken)));
            await copy.ThawAsync(cancellationToken);
        }

        await copy.EndAsync(work, cancellationToken);
        return new HeatResult(work, writes, reads, samples);
    }

    private static HeatSample SampleOf(ZipfKeys keys, List<KeyValuePair<string, long>> held) => new(
        (double)held.Count / keys.Count,
        held.Sum(entry => keys.ShareOf(int.Parse(entry.Key.AsSpan(KeyPrefix.Length), CultureInfo.InvariantCulture))),
        keys.ShareOfHottest(held.Count));
}
