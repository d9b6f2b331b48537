using System.Collections.Concurrent;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Reconciling;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Reconciling;

/// <summary>Notes what it was called for and does what the test says.</summary>
internal sealed class ScriptedController : IEntityController<V1ConfigMap>
{
    private readonly ConcurrentDictionary<ObjectKey, int> _inside = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public Func<V1ConfigMap, CancellationToken, Task<ReconciliationResult>> OnReconcile { get; set; } =
        (_, _) => Task.FromResult(ReconciliationResult.Success());

    /// <summary>Null: it has no quick look.</summary>
    public Func<TimeSpan?>? OnPoll { get; set; }

    /// <summary>Set when one entity was reconciled twice at a time.</summary>
    public bool Overlapped { get; private set; }

    public async Task<ReconciliationResult> ReconcileAsync(V1ConfigMap entity, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(entity);
        Calls.Enqueue($"reconcile {key} {entity.Data?["value"]}".TrimEnd());
        Overlapped |= _inside.AddOrUpdate(key, 1, (_, count) => count + 1) > 1;
        try
        {
            return await OnReconcile(entity, cancellationToken);
        }
        finally
        {
            _inside.AddOrUpdate(key, 0, (_, count) => count - 1);
        }
    }

    public Task<TimeSpan?> PollAsync(V1ConfigMap entity, CancellationToken cancellationToken)
    {
        if (OnPoll is not { } poll) return Task.FromResult<TimeSpan?>(null);
        Calls.Enqueue($"poll {ObjectKey.Of(entity)}");
        return Task.FromResult(poll());
    }

    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"deleted {key}");
        return Task.FromResult(ReconciliationResult.Success());
    }
}
