using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Routing;
using CacheOperator.Proxy.Topology;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>
/// Compares the Ready members of the shards that fall to this proxy, again and again at a slow pace, and mends what differs. Nothing waits for it,
/// and it needs nobody.
/// </summary>
internal sealed class Reconciler(TopologyStore topology, ProxySettings settings, TimeProvider time, ReconciliationLog log)
{
    /// <summary>So that proxies that were started together do not list their members together for ever.</summary>
    private const double Jitter = 0.1;

    /// <summary>How often it is looked whether a comparison is wanted still: a copy that begins waits so long for the crawler at most.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly ReconciliationLimits _limits = new()
    {
        Grace = TimeSpan.FromMilliseconds(settings.MemberTimeout),
        Persistence = settings.HintWindow + (2 * TimeSpan.FromMilliseconds(settings.MemberTimeout)),
        Batches = new CopyLimits { Safeguards = settings.Safeguards },
    };

    public ReconciliationCounters Counters { get; } = new();

    /// <summary>Runs until it is stopped; at once when members are not to be compared.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        while (settings.CompareInterval > TimeSpan.Zero)
        {
            await Task.Delay(settings.CompareInterval * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble())), time, stopped);
            try
            {
                await CompareAsync(stopped);
            }
            catch (Exception e) when (!stopped.IsCancellationRequested)
            {
                log.Fault(e);
            }
        }
    }

    private async Task CompareAsync(CancellationToken stopped)
    {
        if (topology.Current is not { } planned) return;
        foreach (var pair in ReconciliationPlan.Of(planned.Document, settings.Name))
        {
            // The rest is left to the next time, by the document of then.
            if (topology.Current != planned || topology.IsOutdated) return;
            if (IsSound(planned, pair.Left) && IsSound(planned, pair.Right)) await CompareAsync(planned, pair, stopped);
        }
    }

    private async Task CompareAsync(AppliedTopology planned, MemberPair pair, CancellationToken stopped)
    {
        var shard = pair.Left.Shard;
        var met = new MemberPair(Met(planned, pair.Left), Met(planned, pair.Right));
        var comparison = new PairReconciliation(met, key => planned.Placement.OwnerOf(KeyHash.Of(key)) == shard, _limits, Counters, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var looking = EndWhenUnwantedAsync(pair, ended);
        try
        {
            var keys = await comparison.RunAsync(() => topology.Current == planned && !topology.IsOutdated, ended.Token);
            if (keys > 0) log.Differed(pair.Left.Name, pair.Right.Name, keys);
            Counters.Succeeded();
        }
        catch (Exception e) when (e is CopyException || (e is OperationCanceledException && !stopped.IsCancellationRequested))
        {
            Counters.Failed();
            log.Interrupted(pair.Left.Name, pair.Right.Name, e is CopyException ? e.Message : "the topology has changed");
        }
        finally
        {
            await ended.CancelAsync();
            await looking;
        }
    }

    /// <summary>A listing takes its time, and holds the member's crawler: a copy from it must not wait for that.</summary>
    private async Task EndWhenUnwantedAsync(MemberPair pair, CancellationTokenSource ended)
    {
        while (IsPlanned(pair) && !ended.IsCancellationRequested)
            await Task.Delay(Look, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.CancelAsync();
    }

    private bool IsPlanned(MemberPair pair) =>
        topology.Current is { } now && ReconciliationPlan.Of(now.Document, settings.Name).Any(planned => planned.Left.Uid == pair.Left.Uid && planned.Right.Uid == pair.Right.Uid);

    // A member that this proxy owes writes is about to get those, or to be emptied.
    private static bool IsSound(AppliedTopology applied, Member member) => applied.Members[member.Uid] is { IsClean: true, Record: { IsReachable: true } record } && record.IsExpected(member);

    private static Member Met(AppliedTopology applied, Member member) => member with { Incarnation = member.Incarnation ?? applied.Members[member.Uid].Record.FirstIncarnation };
}
