using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Routing;
using CacheOperator.Proxy.Topology;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Hints;

/// <summary>
/// Watches over the members that missed writes: makes up for them as soon as such a member is reached by every event
/// loop, and gives them up when that does not succeed within the window.
/// </summary>
internal sealed class HintSettler(TopologyStore topology, ProxySettings settings, TimeProvider time, HintLog log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CopyLimits _limits = new() { Patience = TimeSpan.FromSeconds(2), Safeguards = settings.Safeguards };
    private readonly Dictionary<MemberHealth, HintWatch> _watched = [];
    private HashSet<string> _copies = [];

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopped)) Look(stopped);
        }
        finally
        {
            await Task.WhenAll(_watched.Values.Select(watch => watch.Attempt));
        }
    }

    /// <summary>Waits until nothing is left that could be made up for.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        while (topology.Current?.Members.Values.Any(health => health.HintCount > 0 && health.Record.IsReachable) == true)
            await Task.Delay(Interval, time, cancellationToken);
    }

    private void Look(CancellationToken stopped)
    {
        if (topology.Current is not { } applied) return;
        try
        {
            HandOn(applied);
            foreach (var member in applied.Document.Members) Look(applied, member, stopped);
            foreach (var (health, watch) in _watched.Where(w => !applied.Members.Values.Contains(w.Key) && w.Value.Attempt.IsCompleted).ToList())
                _watched.Remove(health);
        }
        catch (Exception e)
        {
            log.Fault(e);
        }
    }

    // Whoever begins to be filled from a member that lacks writes may be given what those should have replaced.
    private void HandOn(AppliedTopology applied)
    {
        foreach (var copy in applied.Document.Copies.Where(copy => !_copies.Contains(copy.Id)))
        {
            var target = applied.Document.Members.Single(member => member.Uid == copy.Target);
            foreach (var hint in applied.Members[copy.Source].Hints().Where(hint => applied.Placement.Holds(target.Shard, KeyHash.OfRequested(hint.Key))))
                applied.Members[copy.Target].Miss(hint.Key, hint.Version, hint.Lack, hint.IsOwed);
        }

        _copies = [.. applied.Document.Copies.Select(copy => copy.Id)];
    }

    private void Look(AppliedTopology applied, Member member, CancellationToken stopped)
    {
        var health = applied.Members[member.Uid];
        var watch = _watched.GetValueOrDefault(health);
        watch?.Update();
        if (health.IsClean)
        {
            if (watch is not { Attempt.IsCompleted: true }) return;
            _watched.Remove(health);
            log.Settled(member.Name);
        }
        else if (health.MissedWrites > 0)
        {
            if (watch is null) _watched[health] = watch = new HintWatch(time);
            if (watch.IsGivenUp) return;
            watch.IsGivenUp = true;
            log.GivenUp(member.Name, health.MissedWrites);
        }
        else if (watch is null)
        {
            _watched[health] = new HintWatch(time);
            log.Begins(member.Name, health.HintCount);
        }
        else if (watch.Age >= settings.HintWindow)
        {
            health.GiveUp();
            if (!health.IsClean) return;
            _watched.Remove(health);
            log.Forgotten(member.Name);
        }
        else if (health.Record is { IsReachable: true, Incarnation: not null } record && watch.IsDue && IsTimely(applied, member) && !topology.IsOutdated)
        {
            if (record.IsExpected(member))
            {
                watch.Begin(() => SettleAsync(applied, member, health, stopped));
            }
            else
            {
                // Another process: it holds nothing that could be outdated.
                health.Settle(health.Hints());
            }
        }
    }

    // What is filled from a member that lacks writes itself waits for that one.
    private static bool IsTimely(AppliedTopology applied, Member member) =>
        applied.Document.Copies.Where(copy => copy.Target == member.Uid).All(copy => applied.Members[copy.Source].IsClean);

    private async Task<bool> SettleAsync(AppliedTopology applied, Member member, MemberHealth health, CancellationToken stopped)
    {
        using var late = new CancellationTokenSource(settings.HintWindow, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopped, late.Token);
        var cancellationToken = ended.Token;
        try
        {
            await using var link = await ConnectAsync(applied, member, cancellationToken);
            await ConnectionFence.PassAsync(link, health.Record, time, cancellationToken);
            foreach (var shard in health.Hints().GroupBy(hint => HintSources.ShardOf(hint, member, applied.Placement)))
            {
                var hints = shard.ToList();
                var others = applied.Document.Members.Where(m => m.Shard == shard.Key && m.Uid != member.Uid && m.State.ServesReads()).ToList();
                if (others.Count == 0 && shard.Key == member.Shard)
                {
                    // Nobody has what it lacks.
                    health.Settle(hints);
                    continue;
                }

                foreach (var (other, run) in HintSources.Choose(hints, others, applied.Members))
                {
                    await using var source = other is null ? null : await ConnectAsync(applied, other, cancellationToken);
                    var clockShift = source is null ? 0 : await ClockShift.MeasureAsync(source, link);
                    var grace = TimeSpan.FromMilliseconds(settings.MemberTimeout);
                    await new HintSettlement(link, source, clockShift, grace, _limits, time).RunAsync(run, health.Settle, cancellationToken);
                }
            }

            return true;
        }
        catch (CopyException e)
        {
            log.Interrupted(member.Name, e.Message);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            log.Fault(e);
        }

        return false;
    }

    private Task<MemberLink> ConnectAsync(AppliedTopology applied, Member member, CancellationToken cancellationToken)
    {
        var expected = member with { Incarnation = member.Incarnation ?? applied.Members[member.Uid].Record.FirstIncarnation };
        return MemberLink.ConnectAsync("member", expected, _limits, time, cancellationToken);
    }
}
