using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Runtime.Reconciling;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Hosting;

/// <summary>The smallest controller there is: a ConfigMap that repeats the widget's size.</summary>
internal sealed class WidgetController(ObjectApplier applier, IEventRecorder events) : IEntityController<V1Widget>
{
    public async Task<ReconciliationResult> ReconcileAsync(V1Widget entity, CancellationToken cancellationToken)
    {
        var outcome = await applier.ApplyAsync(Map(entity), cancellationToken);
        if (outcome == ApplyOutcome.Created)
            events.Record(entity, EventType.Normal, "Created", "The map was created.");
        var status = new V1Widget { Status = new WidgetStatus { Size = entity.Spec.Size } };
        await applier.ApplyStatusAsync(status, entity, cancellationToken);
        return ReconciliationResult.Success();
    }

    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Success());

    private static V1ConfigMap Map(V1Widget widget) => new()
    {
        Metadata = new V1ObjectMeta
        {
            NamespaceProperty = widget.Metadata.NamespaceProperty,
            Name = widget.Metadata.Name,
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = widget.ApiVersion,
                    Kind = widget.Kind,
                    Name = widget.Metadata.Name,
                    Uid = widget.Metadata.Uid,
                    Controller = true,
                },
            ],
        },
        Data = new Dictionary<string, string> { ["size"] = $"{widget.Spec.Size}" },
    };
}
