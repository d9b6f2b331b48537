using CacheOperator.Operator.Api;
using k8s.Models;

namespace CacheOperator.Operator.Settings;

/// <summary>Reads what a spec leaves to autoscalers.</summary>
internal static class AutoscalingReader
{
    private const int MaxProxies = 500;

    /// <summary>As Kubernetes has it.</summary>
    private const int DefaultCpuPercent = 80;

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
}
