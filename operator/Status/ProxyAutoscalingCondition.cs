namespace CacheOperator.Operator.Status;

/// <summary>Whether the number of proxies follows their load. Not so is no defect of the fleet, which goes on with the proxies that it has.</summary>
internal static class ProxyAutoscalingCondition
{
    /// <returns>One verdict, or none when no such thing is wanted.</returns>
    public static IEnumerable<Verdict> Of(StatusInput input)
    {
        if (input.ProxyAutoscaling is not { } state) yield break;
        yield return state switch
        {
            ProxyAutoscalingState.NotServed => Not(
                Reasons.AutoscalerNotServed,
                $"This Kubernetes has no HorizontalPodAutoscaler of autoscaling/v2 (1.23 or newer has): the number of proxies stays {input.DesiredProxies}."),
            ProxyAutoscalingState.WithoutMetrics => Not(
                Reasons.AutoscalerWithoutMetrics,
                "The HorizontalPodAutoscaler does not know the CPU use of the proxies and keeps their number; the cluster needs metrics-server or the like."),
            _ => new Verdict(ConditionTypes.ProxyAutoscaling, true, Reasons.AutoscalerInPlace, "A HorizontalPodAutoscaler chooses the number of proxies."),
        };
    }

    private static Verdict Not(string reason, string message) => new(ConditionTypes.ProxyAutoscaling, false, reason, message);
}
