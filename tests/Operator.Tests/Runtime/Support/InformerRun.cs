using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Watching;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheOperator.Operator.Tests.Runtime.Support;

/// <summary>An informer that runs until disposed.</summary>
internal sealed class InformerRun<T> : IAsyncDisposable
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public InformerRun(ApiClient client, InformerOptions options, TimeProvider time)
    {
        var metrics = new RuntimeMetrics(Prometheus.Metrics.NewCustomRegistry());
        Informer = new ResourceInformer<T>(client, options, time, metrics, NullLogger<ResourceInformer<T>>.Instance);
        _loop = Informer.RunAsync(_stop.Token);
    }

    public ResourceInformer<T> Informer { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }
}
