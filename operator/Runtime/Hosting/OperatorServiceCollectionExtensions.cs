using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Runtime.Health;
using CacheOperator.Operator.Runtime.LeaderElection;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;

namespace CacheOperator.Operator.Runtime.Hosting;

internal static class OperatorServiceCollectionExtensions
{
    /// <summary>
    /// Adds the runtime: connection, caches, leader election, writing, events, health checks and metrics. Then add controllers:
    /// <code>
    /// builder.Services.AddOperatorRuntime(options => options.Namespaces = namespaces)
    ///     .AddController&lt;WidgetController, V1Widget>(widget => widget
    ///         .Owns&lt;V1StatefulSet>(informer => informer.LabelSelector = "app.kubernetes.io/managed-by=cache-operator")
    ///         .Watches&lt;V1Node>((node, widgets) => widgets.List().Select(ObjectKey.Of), informer => informer.ClusterScoped = true))
    ///     .AddLeaderTask&lt;NodeWatcher>();
    /// </code>
    /// Constructors may ask for <see cref="IResourceCache{T}"/> of any watched kind, <see cref="ObjectApplier"/>,
    /// <see cref="IEventRecorder"/>, <see cref="CapabilityMonitor"/>, <see cref="CollectorRegistry"/> and <see cref="TimeProvider"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The options do not fit; all that is wrong is named.</exception>
    public static OperatorBuilder AddOperatorRuntime(this IServiceCollection services, Action<OperatorRuntimeOptions>? configure = null)
    {
        var options = new OperatorRuntimeOptions();
        configure?.Invoke(options);
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton(options.LeaderElection);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => KubernetesConnection.Open(options.Kubeconfig));
        services.TryAddSingleton(_ => Prometheus.Metrics.NewCustomRegistry());
        services.AddSingleton<RuntimeMetrics>();
        services.AddSingleton<ApiTransport>();
        services.AddSingleton<ApiClient>();
        services.AddSingleton<ResourceCaches>();
        services.AddSingleton<ObjectApplier>();
        services.AddSingleton<ReplicasHandover>();
        services.AddSingleton<LeaderElector>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddSingleton<CapabilityMonitor>();

        // Stopped in the reverse order: first the leader's work and the lease, last the caches.
        services.AddHostedService<InformerService>();
        services.AddHostedService(provider => provider.GetRequiredService<CapabilityMonitor>());
        services.AddHostedService(provider => provider.GetRequiredService<EventRecorder>());
        services.AddHostedService<LeaderService>();
        services.AddHealthChecks()
            .AddCheck<InformersSyncedCheck>("caches", tags: [OperatorEndpoints.ReadyTag])
            .AddCheck<WatchProgressCheck>("watches", tags: [OperatorEndpoints.LiveTag]);
        return new OperatorBuilder(services, options);
    }
}
