using CacheOperator.Operator.Api;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>The members that are being filled, and how far each is.</summary>
internal static class WarmUpStatuses
{
    public static IReadOnlyList<WarmUpStatus> Of(StatusInput input, FleetHealth health)
    {
        var fleet = new FleetView(input.Proxies);
        return [.. health.Warming.Concat(health.Quarantined).Select(m => Of(m, input.Document!, fleet))];
    }

    /// <summary><c>1 (43%)</c>; null when there are none.</summary>
    public static string? Summary(IReadOnlyList<WarmUpStatus> warmUps) =>
        warmUps.Count == 0 ? null : $"{warmUps.Count} ({(int)warmUps.Average(w => w.Percent)}%)";

    private static WarmUpStatus Of(Member member, TopologyDocument document, FleetView fleet)
    {
        var copy = document.Copies.FirstOrDefault(c => c.Target == member.Uid);
        var progress = copy is null ? null : fleet.Progress(copy);
        return new WarmUpStatus
        {
            Pod = member.Name,
            Source = copy is null ? null : document.Members.First(m => m.Uid == copy.Source).Name,
            Percent = progress is null or { Total: 0 } ? 0 : (int)Math.Min(100, 100 * progress.Processed / progress.Total),
            ItemsPerSecond = progress?.ItemsPerSecond ?? 0,
            Started = progress is null ? null : DateTimeOffset.FromUnixTimeSeconds(progress.StartedAt.ToUnixTimeSeconds()).UtcDateTime,
        };
    }
}
