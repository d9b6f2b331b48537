using CacheOperator.Operator.Api;
using CacheOperator.Operator.Runtime.Capabilities;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>The endpoint that clients use.</summary>
internal static class ClientService
{
    public static V1Service Build(RenderContext context)
    {
        var settings = context.Settings;
        var metadata = context.Metadata(CacheNames.ClientService(context.Name), CacheLabels.Proxy);
        if (settings.ServiceAnnotations.Count > 0)
            metadata.Annotations = new SortedDictionary<string, string>(settings.ServiceAnnotations.ToDictionary(), StringComparer.Ordinal);
        return new V1Service
        {
            Metadata = metadata,
            Spec = new V1ServiceSpec
            {
                Ports = [new V1ServicePort { Name = "memcached", Port = settings.ServicePort, TargetPort = "memcached", Protocol = "TCP" }],
                Selector = CacheLabels.Selector(context.Name, CacheLabels.Proxy),
                TrafficDistribution = settings.TrafficDistribution == TrafficDistribution.PreferSameZone ? SameZone(context.Capabilities) : null,
                Type = settings.ServiceType.ToString(),
            },
        };
    }

    /// <summary>What a client in the cluster connects to.</summary>
    public static string Endpoint(RenderContext context) =>
        $"{CacheNames.ClientService(context.Name)}.{context.Settings.Namespace}.svc:{context.Settings.ServicePort}";

    private static string? SameZone(ServerCapabilities capabilities) =>
        capabilities.TrafficDistributionPreferSameZone ? "PreferSameZone"
        : capabilities.TrafficDistribution ? "PreferClose"
        : null;
}
