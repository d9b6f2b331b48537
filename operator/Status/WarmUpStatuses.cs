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

    private static WarmUpStatus Of(Member member, TopologyDocument document, FleetView fleet)
    {
        var copy = document.Copies.FirstOrDefault(c => c.Target == member.Uid);
        var progress = copy is null ? null : fleet.Progress(copy);
        return new WarmUpStatus
        {
            Pod = member.Name,
            Source = copy is null ? null : document.Members.First(m => m.Uid == copy.Source).Name,
            Percent = document.Resharding is { Phase: ReshardingPhase.Filling } filling && filling.IsTarget(member.Shard)
                ? ReshardingStatuses.PercentOf(member, document, fleet)
                : PercentOf(progress),
            ItemsPerSecond = progress?.ItemsPerSecond ?? 0,
            Started = progress is null ? null : DateTimeOffset.FromUnixTimeSeconds(progress.StartedAt.ToUnixTimeSeconds()).UtcDateTime,
        };
    }
}
