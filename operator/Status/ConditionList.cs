using k8s.Models;

namespace CacheOperator.Operator.Status;

/// <summary>Puts times to verdicts: a transition time moves only when the status flips.</summary>
internal static class ConditionList
{
    public static IReadOnlyList<V1Condition> Merge(
        IReadOnlyList<V1Condition> before, IEnumerable<Verdict> verdicts, long? generation, DateTimeOffset now) =>
        [.. verdicts.Select(verdict => Merge(before.FirstOrDefault(c => c.Type == verdict.Type), verdict, generation, now))];

    private static V1Condition Merge(V1Condition? before, Verdict verdict, long? generation, DateTimeOffset now)
    {
        var status = verdict.Status switch { true => "True", false => "False", null => "Unknown" };

        // Whole seconds, as Kubernetes writes them.
        var wholeSeconds = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).UtcDateTime;
        return new V1Condition
        {
            Type = verdict.Type,
            Status = status,
            Reason = verdict.Reason,
            Message = verdict.Message,
            ObservedGeneration = generation,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : wholeSeconds,
        };
    }
}
