namespace CacheOperator.Operator.Settings;

/// <summary>Bounds for the number of proxies, within which a HorizontalPodAutoscaler chooses.</summary>
/// <param name="MinReplicas">Null: as many as there would be without.</param>
/// <param name="MaxReplicas">At least one, and at least <paramref name="MinReplicas"/>.</param>
/// <param name="TargetCpuPercent">Average CPU use to aim at, in percent of what a proxy requests.</param>
internal sealed record ProxyAutoscaling(int? MinReplicas, int MaxReplicas, int TargetCpuPercent)
{
    /// <param name="usual">The number of proxies without autoscaling.</param>
    public int Least(int usual) => MinReplicas ?? Math.Min(usual, MaxReplicas);
}
