using CacheOperator.Consistency.Reporting;
using CacheOperator.Fleet;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Consistency.Fleets;

/// <summary>
/// Plans as the operator does, round after round, and writes down in what condition the proxies say the fleet is.
/// </summary>
internal sealed class FleetDriver(LocalFleet fleet, RunClock clock, RunLog log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private long _looked;
    private HashSet<int> _disturbed = [];
    private HashSet<int> _divided = [];
    private volatile int _settledRounds;
    private volatile string _lacking = "nobody has looked yet";

    /// <summary>Where the conditions are written down.</summary>
    public Conditions Conditions { get; set; } = new();

    /// <summary>Nobody plans, as while no operator runs.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var began = clock.Now;
            if (IsPaused)
            {
                await Task.Delay(Interval, cancellationToken);
                Judge([.. Enumerable.Range(0, fleet.Topology.Shards)], [.. Enumerable.Range(0, fleet.Topology.Shards)]);
                Conditions.Paused(began, clock.Now);
                _settledRounds = 0;
                continue;
            }

            var round = await fleet.PlanAsync(cancellationToken);
            foreach (var decision in round.Decisions) log.Add($"operator: {decision.Message}");
            Look(round);
            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>Waits until every member is Ready, reached by all and owed nothing, as seen several times in a row from now on.</summary>
    /// <returns>Null, or what was still lacking at the end of the patience.</returns>
    public async Task<string?> SettleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        _settledRounds = 0;
        var end = clock.Now + (long)patience.TotalMicroseconds;
        while (_settledRounds < 3)
        {
            if (clock.Now > end) return _lacking;
            await Task.Delay(Interval, cancellationToken);
        }

        return null;
    }

    private void Look(FleetRound round)
    {
        var document = round.Topology;
        var answered = round.Statuses.OfType<ProxyStatus>().ToList();
        var isWhole = answered.Count == round.Statuses.Count && answered.All(status => status.Generation == document.Generation);
        HashSet<int> disturbed = [], divided = [];
        string? lacking = isWhole ? null : "some proxy does not answer, or lacks the newest topology";
        foreach (var shard in document.Members.GroupBy(member => member.Shard))
        {
            var troubled = 0;
            foreach (var member in shard)
            {
                var reports = answered.SelectMany(status => status.Members).Where(status => status.Uid == member.Uid).ToList();
                var owed = reports.Exists(report => report.Epoch == member.Epoch && (report.Hints > 0 || report.MissedWrites > 0));
                var reached = reports.Count(report => report.Reachable);
                if (member.State == MemberState.Ready && member.Incarnation is not null && !owed && reached == answered.Count) continue;
                lacking ??= $"{member.Name} is {member.State}, reached by {reached} of {answered.Count} proxies{(owed ? ", owed writes" : "")}";
                disturbed.Add(shard.Key);
                if (owed || (reached > 0 && reached < answered.Count)) divided.Add(shard.Key);
                if (++troubled > 1) Conditions.Weakened(shard.Key, _looked, clock.Now);
            }

            if (isWhole) continue;
            disturbed.Add(shard.Key);
            divided.Add(shard.Key);
        }

        foreach (var decision in round.Decisions.Where(d => d.Kind is DecisionKind.MissedWritesAccepted or DecisionKind.IncompleteMemberServes))
            Conditions.Weakened(document.Members.First(member => member.Name == decision.Subject).Shard, _looked, clock.Now);
        if (round.Decisions.Count > 0) (lacking, divided) = (lacking ?? "the topology has just changed", [.. Enumerable.Range(0, document.Shards)]);
        Judge(disturbed, divided);
        _settledRounds = lacking is null ? _settledRounds + 1 : 0;
        _lacking = lacking ?? "nothing";
    }

    // When a condition came or went between two looks, nobody knows: it holds for all of that time.
    private void Judge(HashSet<int> disturbed, HashSet<int> divided)
    {
        var (from, to) = (_looked, clock.Now);
        foreach (var shard in disturbed.Union(_disturbed)) Conditions.Disturbed(shard, from, to);
        foreach (var shard in divided.Union(_divided)) Conditions.Divided(shard, from, to);
        (_looked, _disturbed, _divided) = (to, disturbed, divided);
    }
}
