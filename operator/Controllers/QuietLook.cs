using CacheOperator.Operator.Api;
using CacheOperator.Operator.Runtime;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Topology;

namespace CacheOperator.Operator.Controllers;

/// <summary>
/// Looks after caches at rest. Of what can happen to them watches tell, and what only proxies know they are asked for; as long as they answer
/// what they answered before, nothing is rendered, compared or planned.
/// </summary>
internal sealed class QuietLook(TopologyPublisher publisher, CapabilityMonitor capabilities, TimeProvider time)
{
    /// <summary>After about this everything is computed anew: whatever has escaped all watches is found then.</summary>
    private static readonly TimeSpan WholeLook = TimeSpan.FromMinutes(5);

    /// <returns>Null when something is done or waited for that no watch tells, such as the load that shards are scaled by.</returns>
    public CacheAtRest? Of(Situation situation, TopologyOutcome outcome, string? token) =>
        token is not null
        && outcome is { Changed: false, UnderWay: false, Document: { } document }
        && situation is { Paused: false, IsStored: true, Context: { Settings.ShardAutoscaling: null } context }
            ? new CacheAtRest(time.GetUtcNow() + Backoff.Between(WholeLook * 0.8, WholeLook), context.Capabilities, document, situation.Observed.Proxies, token)
            : null;

    public async Task<bool> FindsNothingAsync(ReplicatedCache cache, CacheSession session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return session.AtRest is { } rest
            && now < rest.Until
            && ReferenceEquals(rest.Capabilities, capabilities.Current)
            && await publisher.IsQuietAsync(session.Roster, rest.Proxies, rest.Token, cancellationToken)
            && !(now - session.StatusWritten >= VolatileNumbers.Interval && AreNumbersOutdated(cache, session, rest));
    }

    private bool AreNumbersOutdated(ReplicatedCache cache, CacheSession session, CacheAtRest rest)
    {
        var input = new StatusInput { Document = rest.Document, Proxies = publisher.Observe(session.Roster, rest.Proxies) };
        return VolatileNumbers.AreOutdated(cache.Status?.Zones ?? [], ZoneStatuses.Of(input, new FleetHealth(input)));
    }
}
