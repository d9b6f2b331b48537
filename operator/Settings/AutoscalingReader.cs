using CacheOperator.Operator.Api;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Settings;

/// <summary>Reads what a spec leaves to autoscalers.</summary>
internal static class AutoscalingReader
{
    private const int MaxProxies = 500;

    /// <summary>As Kubernetes has it.</summary>
    private const int DefaultCpuPercent = 80;

    private static readonly TimeSpan DefaultScaleOutAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultScaleInAfter = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan DefaultCooldown = TimeSpan.FromMinutes(10);

    /// <param name="resources">Of a proxy, by whose request CPU use is measured.</param>
    public static ProxyAutoscaling? Proxies(List<string> faults, ProxyAutoscalingSpec? spec, V1ResourceRequirements resources)
    {
        const string Field = "spec.proxy.autoscaling";
        if (spec is null) return null;
        if (spec.MaxReplicas is < 1 or > MaxProxies)
            faults.Add($"{Field}.maxReplicas: {spec.MaxReplicas} is not in 1..{MaxProxies}");
        else if (spec.MinReplicas is < 1 || spec.MinReplicas > spec.MaxReplicas)
            faults.Add($"{Field}.minReplicas: {spec.MinReplicas} is not in 1..{spec.MaxReplicas}, the upper bound being {Field}.maxReplicas");
        if (spec.TargetCPUUtilizationPercentage is < 1)
            faults.Add($"{Field}.targetCPUUtilizationPercentage: {spec.TargetCPUUtilizationPercentage} is less than 1");
        if (resources.Requests.TryGetValue("cpu", out var cpu) && cpu.ToDecimal() <= 0)
            faults.Add($"spec.proxy.resources.requests.cpu: must be above 0, because {Field} measures CPU use by it");
        return new ProxyAutoscaling(spec.MinReplicas, spec.MaxReplicas, spec.TargetCPUUtilizationPercentage ?? DefaultCpuPercent);
    }

    public static ShardAutoscaling? Shards(List<string> faults, ShardAutoscalingSpec? spec)
    {
        const string Field = "spec.shardAutoscaling";
        if (spec is null) return null;
        var least = spec.MinShards ?? 1;
        if (spec.MaxShards is < 1 or > TopologyValidator.MaxShards)
            faults.Add($"{Field}.maxShards: {spec.MaxShards} is not in 1..{TopologyValidator.MaxShards}");
        else if (least < 1 || least > spec.MaxShards)
            faults.Add($"{Field}.minShards: {least} is not in 1..{spec.MaxShards}, the upper bound being {Field}.maxShards");
        return new ShardAutoscaling(
            least,
            spec.MaxShards,
            SpecReader.ReadDuration(faults, $"{Field}.scaleOutAfter", spec.ScaleOutAfter) ?? DefaultScaleOutAfter,
            SpecReader.ReadDuration(faults, $"{Field}.scaleInAfter", spec.ScaleInAfter) ?? DefaultScaleInAfter,
            SpecReader.ReadDuration(faults, $"{Field}.cooldown", spec.Cooldown) ?? DefaultCooldown);
    }
}
