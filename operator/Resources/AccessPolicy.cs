using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Who may connect to what, where the cluster's network enforces it.</summary>
internal static class AccessPolicy
{
    /// <summary>Members: only the proxies of the same cache, because a write past them carries no version.</summary>
    public static V1NetworkPolicy ForMembers(RenderContext context) => Build(
        context,
        CacheLabels.Memcached,
        new V1NetworkPolicyIngressRule
        {
            FromProperty = [new V1NetworkPolicyPeer { PodSelector = Select(CacheLabels.Selector(context.Name, CacheLabels.Proxy)) }],
            Ports = [Port(AdminApi.ClientPort)],
        });

    /// <summary>Proxies: clients and metrics from anywhere, administration from the operator.</summary>
    public static V1NetworkPolicy ForProxies(RenderContext context) => Build(
        context,
        CacheLabels.Proxy,
        new V1NetworkPolicyIngressRule { Ports = [Port(AdminApi.ClientPort), Port(AdminApi.MetricsPort)] },
        new V1NetworkPolicyIngressRule
        {
            FromProperty =
            [
                new V1NetworkPolicyPeer
                {
                    NamespaceSelector = OperatorNamespace(context),
                    PodSelector = Select(new Dictionary<string, string> { [CacheLabels.Name] = CacheLabels.ManagedByValue }),
                },
            ],
            Ports = [Port(AdminApi.AdminPort)],
        });

    private static V1NetworkPolicy Build(RenderContext context, string component, params V1NetworkPolicyIngressRule[] ingress) => new()
    {
        Metadata = context.Metadata(CacheNames.Policy(context.Name, component), component),
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = Select(CacheLabels.Selector(context.Name, component)),
            PolicyTypes = ["Ingress"],
            Ingress = ingress,
        },
    };

    /// <summary>Where namespaces do not carry their names, or ours is unknown, the pod's label and the token have to do.</summary>
    private static V1LabelSelector OperatorNamespace(RenderContext context) =>
        context.Capabilities.NamespaceNameLabel && context.Operator.Namespace is { } name
            ? Select(new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name })
            : new V1LabelSelector();

    private static V1LabelSelector Select(IDictionary<string, string> labels) => new() { MatchLabels = labels };

    private static V1NetworkPolicyPort Port(int port) => new() { Port = port, Protocol = "TCP" };
}
