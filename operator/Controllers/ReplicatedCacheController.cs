using System.Collections.Concurrent;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Growth;
using CacheOperator.Operator.NodeLoss;
using CacheOperator.Operator.Rollouts;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Reconciling;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;
using CacheOperator.Operator.WarmUp;

namespace CacheOperator.Operator.Controllers;

/// <summary>Brings a cache's fleet to its spec and keeps it there: topology, objects, lost nodes, gates, and last the status.</summary>
internal sealed class ReplicatedCacheController(
    SituationReader reader,
    AdminTokens tokens,
    TopologyDriver topology,
    FleetApplier fleet,
    MemberGrower grower,
    NodeReaper reaper,
    WarmGates gates,
    StatusWriter status,
    QuietLook quietLook,
    TimeProvider time) : IEntityController<ReplicatedCache>
{
    /// <summary>After a new generation: proxies were told, and what they have to say to it comes at once.</summary>
    private static readonly TimeSpan NextStep = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan WhileUnderWay = TimeSpan.FromSeconds(1);

    /// <summary>At rest: restarted members and missed writes are known to proxies only, and for those there is no watch.</summary>
    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ObjectKey, CacheSession> _sessions = new();

    public async Task<ReconciliationResult> ReconcileAsync(ReplicatedCache entity, CancellationToken cancellationToken)
    {
        // What it owns goes by owner references, and must not be made again meanwhile.
        if (entity.Metadata.DeletionTimestamp is not null) return ReconciliationResult.Success();

        var session = SessionOf(entity);
        session.AtRest = null;
        var situation = reader.Read(entity, session);
        TopologyOutcome outcome;
        string? token;
        try
        {
            token = await tokens.EnsureAsync(situation, cancellationToken);
            outcome = await topology.RunAsync(situation, token, cancellationToken);
        }
        catch (NotOwnedException e)
        {
            // Without token and topology of its own the cache has nothing to stand on. What an earlier one of the same name left goes by itself.
            var nothing = new TopologyOutcome(situation.Document, [], Changed: false, UnderWay: false);
            await status.WriteAsync(situation, nothing, new ApplyResult([e.Message], null), [], cancellationToken);
            return ReconciliationResult.Success(AtRest);
        }

        var objects = await ApplyAsync(situation, outcome, cancellationToken);
        var losses = await HandleLossesAsync(situation, cancellationToken);
        if (!situation.Paused && outcome.Document is not null)
        {
            var deadline = situation.Settings?.WarmUpDeadline ?? SpecReader.DefaultWarmUpDeadline;
            await gates.SetAsync(entity, situation.Observed.Members, outcome.Document, deadline, cancellationToken);
        }

        var ready = await status.WriteAsync(situation, outcome, objects, losses, cancellationToken);
        session.AtRest = ready ? quietLook.Of(situation, outcome, token) : null;
        return ReconciliationResult.Success(Again(outcome, objects, losses));
    }

    public async Task<TimeSpan?> PollAsync(ReplicatedCache entity, CancellationToken cancellationToken) =>
        await quietLook.FindsNothingAsync(entity, SessionOf(entity), cancellationToken) ? AtRest : null;

    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        _sessions.TryRemove(key, out _);
        return Task.FromResult(ReconciliationResult.Success());
    }

    private CacheSession SessionOf(ReplicatedCache cache)
    {
        var key = ObjectKey.Of(cache);
        var session = _sessions.GetOrAdd(key, _ => new CacheSession(cache.Metadata.Uid, time.GetUtcNow()));
        if (session.Uid != cache.Metadata.Uid)
            _sessions[key] = session = new CacheSession(cache.Metadata.Uid, time.GetUtcNow());
        return session;
    }

    private async Task<ApplyResult> ApplyAsync(Situation situation, TopologyOutcome outcome, CancellationToken cancellationToken)
    {
        if (situation.Context is not { } before || outcome.Document is not { } document) return ApplyResult.None;
        var context = before with { MembersPerZone = document.MemberShards() };
        var view = new FleetView(outcome.Proxies);
        var zones = FleetApplier.ZoneStates(context, situation.Observed, document, view);
        if (situation.Paused)
        {
            // Nobody is waited for meanwhile.
            situation.Session.Growth.Keep([]);
            return new ApplyResult([], RolloutProgress.Describe(zones, situation.Observed.ProxyDeployment));
        }

        var growth = grower.Plan(situation, context, document, view, zones);
        context = context with { HeldZones = [.. growth.Where(z => z.Holds).Select(z => z.Zone)] };
        if (context.HeldZones.Count > 0) zones = FleetApplier.ZoneStates(context, situation.Observed, document, view);
        var rollout = RolloutProgress.Describe(zones, situation.Observed.ProxyDeployment, situation.Session.Growth.Reasons);
        var mayRoll = ZoneRollout.MayApply(zones, isResharding: document.Resharding is not null);
        var errors = await fleet.ApplyAsync(context, mayRoll, cancellationToken);
        grower.Tell(situation.Cache, growth, mayRoll);
        await grower.ActAsync(situation.Cache, situation.Session, growth, cancellationToken);
        await fleet.RemoveSupersededAsync(context, situation.Observed, document, view, cancellationToken);
        return new ApplyResult(errors, rollout, RolloutProgress.DescribeGrowth(zones, growth));
    }

    private async Task<IReadOnlyList<NodeLossDecision>> HandleLossesAsync(Situation situation, CancellationToken cancellationToken)
    {
        if (situation.Paused) return [];
        var labelled = situation.Context?.Layout.Labelled ?? (situation.Document is { } document && ZoneDiscovery.LayoutOf(document).Labelled);
        var spec = situation.Cache.Spec;
        var (policy, grace) = situation.Settings is { } settings ? (settings.NodeLossPolicy, settings.NodeLossGracePeriod) : SpecReader.ReadNodeLoss(spec.NodeLoss);
        var template = situation.Settings?.PodTemplate ?? spec.PodTemplate ?? new PodTemplateSpec();
        var rules = new NodeLossRules(policy, grace, template, labelled);
        return await reaper.RunAsync(situation.Cache, situation.Observed, rules, cancellationToken);
    }

    private TimeSpan Again(TopologyOutcome outcome, ApplyResult objects, IReadOnlyList<NodeLossDecision> losses)
    {
        if (outcome.Changed) return NextStep;
        if (outcome.UnderWay || objects.Growth is not null || losses.Any(l => l.Action is NodeLossAction.ForceDelete or NodeLossAction.Postpone)) return WhileUnderWay;
        var due = losses.Where(l => l.Action == NodeLossAction.Wait).Select(l => l.Due - time.GetUtcNow()).DefaultIfEmpty(AtRest).Min();
        return due < TimeSpan.Zero ? NextStep : due < AtRest ? due : AtRest;
    }
}
