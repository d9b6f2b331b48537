using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Reconciling;
using CacheOperator.Operator.Runtime.Watching;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CacheOperator.Operator.Runtime.Hosting;

/// <summary>Registers what the operator watches and does. Got from <see cref="OperatorServiceCollectionExtensions.AddOperatorRuntime"/>.</summary>
internal sealed class OperatorBuilder(IServiceCollection services, OperatorRuntimeOptions options)
{
    public IServiceCollection Services => services;

    /// <summary>
    /// Watches a kind, once however often it is asked for, and offers its objects as <see cref="IResourceCache{T}"/>.
    /// Controllers' own sources are added by themselves; call this to narrow them, or for kinds that are only read.
    /// </summary>
    public OperatorBuilder AddInformer<T>(Action<InformerOptions>? configure = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var name = ResourceKind.Of<T>().ToString();
        if (configure is not null)
            services.Configure(name, configure);
        services.TryAddSingleton(provider =>
        {
            var informer = provider.GetRequiredService<IOptionsMonitor<InformerOptions>>().Get(name);
            informer.Namespaces = options.Namespaces;
            return new ResourceInformer<T>(
                provider.GetRequiredService<ApiClient>(),
                informer,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<RuntimeMetrics>(),
                provider.GetRequiredService<ILogger<ResourceInformer<T>>>());
        });
        services.TryAddSingleton<IResourceCache<T>>(provider => provider.GetRequiredService<ResourceInformer<T>>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IInformer, ResourceInformer<T>>(provider => provider.GetRequiredService<ResourceInformer<T>>()));
        return this;
    }

    /// <summary>Reconciles a kind: <paramref name="configure"/> tells what else makes an entity be looked at again.</summary>
    public OperatorBuilder AddController<TController, TEntity>(Action<ControllerBuilder<TEntity>>? configure = null)
        where TController : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        AddInformer<TEntity>();
        var reconciler = new ReconcilerOptions<TEntity>();
        configure?.Invoke(new ControllerBuilder<TEntity>(this, reconciler));
        services.AddSingleton(reconciler);
        services.AddSingleton<IEntityController<TEntity>, TController>();
        return AddLeaderTask<EntityReconciler<TEntity>>();
    }

    /// <summary>Runs a loop on the leader only.</summary>
    public OperatorBuilder AddLeaderTask<TTask>()
        where TTask : class, ILeaderTask
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILeaderTask, TTask>());
        return this;
    }
}
