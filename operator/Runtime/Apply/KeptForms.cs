using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Apply;

/// <summary>
/// What servers made of objects of which they did not keep everything (a feature that is switched off): such an object never
/// becomes as it was rendered, and to apply it again is a write each time, for Kubernetes before 1.21 notes when it was done.
/// </summary>
internal sealed class KeptForms
{
    private readonly ConcurrentDictionary<(ResourceKind Kind, ObjectKey Key), (string Hash, JsonObject Form)> _forms = new();

    /// <summary>Takes note of the server's answer to an apply.</summary>
    /// <returns>The first field that was not kept; null when all were.</returns>
    public string? Remember<T>(ObjectKey key, RenderedObject rendered, T applied)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var form = RenderedObject.Describe(applied);
        var field = Drift.Find(rendered.Json, form);
        if (field is null)
        {
            _forms.TryRemove((ResourceKind.Of<T>(), key), out _);
            return null;
        }

        // What changes by itself is no part of it.
        form.Remove("status");
        var metadata = form["metadata"]!.AsObject();
        foreach (var name in metadata.Select(property => property.Key).Except(["labels", "annotations", "ownerReferences"]).ToList()) metadata.Remove(name);
        _forms[(ResourceKind.Of<T>(), key)] = (rendered.Hash, form);
        return field;
    }

    /// <summary>Whether the object is what the server made of the same rendered one before.</summary>
    public bool IsBest<T>(ObjectKey key, RenderedObject rendered, T live)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        _forms.TryGetValue((ResourceKind.Of<T>(), key), out var known) && known.Hash == rendered.Hash
        && Drift.Find(known.Form, RenderedObject.Describe(live)) is null;
}
