using CacheOperator.Operator.Api;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>The members that are being filled, those that are given keys while they serve among them, and how far each is.</summary>
internal static class WarmUpStatuses
{
    public static IReadOnlyList<WarmUpStatus> Of(StatusInput input, FleetHealth health)
    {
        var fleet = new FleetView(input.Proxies);
        var serving = health.Serving.Where(m => input.Document!.Copies.Any(c => c.Target == m.Uid));
        return [.. health.Warming.Concat(health.Quarantined).Concat(serving).Select(m => Of(m, input.Document!, fleet))];
    }

    /// <summary><c>1 (43%)</c>; null when there are none.</summary>
    public static string? Summary(IReadOnlyList<WarmUpStatus> warmUps) =>
        warmUps.Count == 0 ? null : $"{warmUps.Count} ({(int)warmUps.Average(w => w.Percent)}%)";

    public static int PercentOf(CopyStatus? progress) => progress is null or { Total: 0 } ? 0 : (int)Math.Min(100, 100 * progress.Processed / progress.Total);

    /// <summary>One line for each member, in however many parts it is filled: that is what people wait for.</summary>
    private static WarmUpStatus Of(Member member, TopologyDocument document, FleetView fleet)
    {
        var copies = document.Copies.Where(c => c.Target == member.Uid).ToList();
        var sources = copies.Select(c => document.Members.First(m => m.Uid == c.Source)).Distinct().ToList();
        var isGivenKeys = document.Resharding is { Phase: ReshardingPhase.Filling } filling && filling.IsTarget(member.Shard) && sources.All(m => m.Shard != member.Shard);
        var progress = copies.Select(fleet.Progress).OfType<CopyStatus>().ToList();
        return new WarmUpStatus
        {
            Pod = member.Name,
            Source = sources.Count == 0 ? null : string.Join(", ", sources.Select(m => m.Name)),
            Percent = isGivenKeys ? ReshardingStatuses.PercentOf(member, document, fleet) : PercentOf(copies, progress),
            ItemsPerSecond = progress.Where(p => p.Phase == CopyPhase.Running).Sum(p => p.ItemsPerSecond),
            Started = progress.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(progress.Min(p => p.StartedAt).ToUnixTimeSeconds()).UtcDateTime,
        };
    }

    /// <summary>Parts are equal, so one that is not reported, or not there for the moment, counts as not begun.</summary>
    private static int PercentOf(List<CopyAssignment> copies, List<CopyStatus> progress) =>
        progress.Count == 0 ? 0 : progress.Sum(PercentOf) / Math.Max(1, copies.Max(c => c.Part?.Of ?? 1));
}
