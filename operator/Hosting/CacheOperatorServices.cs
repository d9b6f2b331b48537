using CacheOperator.Operator.Api;
using CacheOperator.Operator.Controllers;
using CacheOperator.Operator.Growth;
using CacheOperator.Operator.NodeLoss;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Hosting;
using CacheOperator.Operator.Runtime.Watching;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Topology;
using CacheOperator.Operator.WarmUp;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CacheOperator.Operator.Hosting;

/// <summary>Puts the operator together: what it watches and what it does.</summary>
internal static class CacheOperatorServices
{
    /// <summary>Nearly all of a reconcile is waiting, and for proxies that are gone it is seconds: when a zone is lost, in every cache at once.</summary>
    private const int Workers = 32;

    public static OperatorBuilder AddCacheOperator(this IServiceCollection services, OperatorSettings settings, Action<OperatorRuntimeOptions> configure)
    {
        services.AddSingleton(settings);
        services.AddSingleton<CacheObserver>();
        services.AddSingleton<SituationReader>();
        services.AddSingleton<AdminTokens>();
        services.AddSingleton<ProxyAdminClient>();
        services.AddSingleton<TopologyPublisher>();
        services.AddSingleton<TopologyStore>();
        services.AddSingleton<ShardScaler>();
        services.AddSingleton<TopologyDriver>();
        services.AddSingleton<FleetApplier>();
        services.AddSingleton<PodPatcher>();
        services.AddSingleton<MemberGrower>();
        services.AddSingleton<NodeLossLedger>();
        services.AddSingleton<NodeReaper>();
        services.AddSingleton<WarmGates>();
        services.AddSingleton<StatusWriter>();
        services.AddSingleton<QuietLook>();
        return services.AddOperatorRuntime(configure).AddLeaderTask<ConditionMetrics>().AddController<ReplicatedCacheController, ReplicatedCache>(cache => cache
            .WithWorkers(Workers)
            .Owns<V1StatefulSet>(OnlyOurs)
            .Owns<V1Deployment>(OnlyOurs)
            .Owns<V1Service>(OnlyOurs)
            .Owns<V1ConfigMap>(OnlyOurs)
            .Owns<V1NetworkPolicy>(OnlyOurs)
            .Owns<V1PodDisruptionBudget>(OnlyOursWhereServed)
            .Owns<V1beta1PodDisruptionBudget>(OnlyOursWhereServed)
            .Owns<V2HorizontalPodAutoscaler>(OnlyOursWhereServed)
            .Watches<V1Pod>((pod, _) => pod.BothWays(CacheOf), pods =>
            {
                OnlyOurs(pods);
                pods.Trim = static pod => ObservedPod.Trim((V1Pod)pod);
            })
            .Watches<V1Node>(AllWhenItMatters, nodes =>
            {
                nodes.ClusterScoped = true;
                nodes.Trim = static node => ObservedNode.Trim((V1Node)node);
                nodes.Optional = true;
            }));
    }

    private static void OnlyOurs(InformerOptions options) =>
        (options.LabelSelector, options.GroupLabel) = ($"{CacheLabels.ManagedBy}={CacheLabels.ManagedByValue}", CacheLabels.Cache);

    private static void OnlyOursWhereServed(InformerOptions options)
    {
        OnlyOurs(options);
        options.Optional = true;
    }

    /// <summary>Pods belong to StatefulSets and ReplicaSets; their label names the cache.</summary>
    private static ObjectKey? CacheOf(V1Pod pod) =>
        pod.Metadata.Labels?.TryGetValue(CacheLabels.Cache, out var cache) == true ? new ObjectKey(pod.Metadata.NamespaceProperty, cache) : null;

    private static IEnumerable<ObjectKey> AllWhenItMatters(ResourceChange<V1Node> node, IResourceCache<ReplicatedCache> caches) =>
        node.Type != ResourceChangeType.Modified || ObservedNode.Differs(node.Old, node.Object) ? caches.List().Select(c => ObjectKey.Of(c)) : [];
}
