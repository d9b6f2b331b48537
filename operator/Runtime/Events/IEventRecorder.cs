using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Events;

/// <summary>Tells users what the operator does, as events that <c>kubectl describe</c> shows.</summary>
internal interface IEventRecorder
{
    /// <summary>
    /// Records an event; returns at once and never fails. Equal events become one with a count; an object that gets very
    /// many of one reason loses some of these.
    /// </summary>
    /// <param name="regarding">The object under which the event is shown.</param>
    /// <param name="reason">Short CamelCase word, stable: <c>NodeLost</c>.</param>
    /// <param name="message">One sentence. No times or counters in it, which would make equal events different.</param>
    void Record(IKubernetesObject<V1ObjectMeta> regarding, EventType type, string reason, string message);
}
