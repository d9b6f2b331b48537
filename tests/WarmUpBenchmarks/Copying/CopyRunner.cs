using CacheOperator.Benchmarks.Machine;
using CacheOperator.Provisioning;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>Has every copier copy the same source, in turn and several times over, so that what else the machine does hits them alike.</summary>
internal sealed class CopyRunner(string memcached, IReadOnlyList<ICopier> copiers, int repetitions)
{
    public async Task<CopyResult> RunAsync(CopyCase work, CancellationToken cancellationToken)
    {
        var runs = copiers.ToDictionary(copier => copier.Contender, _ => new List<CopyMeasurement>());
        await using var members = await MemberPair.StartAsync(memcached, work, cancellationToken);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (var copier in copiers)
            {
                await members.EmptyTargetAsync(cancellationToken);
                runs[copier.Contender].Add(await MeasureAsync(copier, members, work, cancellationToken));
            }
        }

        return new CopyResult(work, runs.ToDictionary(run => run.Key, run => (IReadOnlyList<CopyMeasurement>)run.Value));
    }

    private static async Task<CopyMeasurement> MeasureAsync(ICopier copier, MemberPair members, CopyCase work, CancellationToken cancellationToken)
    {
        var (source, target) = (members.Source.Process.Id, members.Target.Process.Id);
        var (sourceBefore, targetBefore) = (CpuClock.OfProcess(source), CpuClock.OfProcess(target));
        var outcome = await copier.CopyAsync(members, work, cancellationToken);
        var held = await MemberPair.StatisticAsync(members.Target.EndPoint, "curr_items", cancellationToken);
        // Proxies leave a mark of their topology.
        if (held - work.Items is not (0 or 1))
            throw new ProvisioningException($"{copier.Contender} left {held} items on the target, not {work.Items}");
        double Each(double nanoseconds) => nanoseconds / 1000 / work.Items;
        return new CopyMeasurement(
            outcome.Items,
            outcome.Seconds,
            Each(CpuClock.OfProcess(source) - sourceBefore),
            Each(CpuClock.OfProcess(target) - targetBefore),
            Each(outcome.Cpu.TotalNanoseconds),
            outcome.PeakBytes);
    }
}
