using CacheOperator.Operator.Settings;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Chooses the number of proxies by their CPU use.</summary>
internal static class ProxyAutoscaler
{
    public static V2HorizontalPodAutoscaler Build(RenderContext context, ProxyAutoscaling bounds) => new()
    {
        Metadata = context.Metadata(CacheNames.Proxy(context.Name), CacheLabels.Proxy),
        Spec = new V2HorizontalPodAutoscalerSpec
        {
            ScaleTargetRef = new V2CrossVersionObjectReference { ApiVersion = "apps/v1", Kind = "Deployment", Name = CacheNames.Proxy(context.Name) },
            MinReplicas = bounds.Least(ProxyDeployment.UsualReplicas(context)),
            MaxReplicas = bounds.MaxReplicas,
            Metrics =
            [
                new V2MetricSpec
                {
                    Type = "Resource",
                    Resource = new V2ResourceMetricSource
                    {
                        Name = "cpu",
                        Target = new V2MetricTarget { Type = "Utilization", AverageUtilization = bounds.TargetCpuPercent },
                    },
                },
            ],
        },
    };
}
