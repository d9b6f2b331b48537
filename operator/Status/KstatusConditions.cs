namespace CacheOperator.Operator.Status;

/// <summary>Reconciling and Stalled, which kstatus (Flux, Argo CD) looks for and which are there only while true.</summary>
internal static class KstatusConditions
{
    public static IEnumerable<Verdict> Of(StatusInput input, Verdict progressing)
    {
        // Whoever waits for a person is not on its way, though it looks unfinished.
        if (input.Faults.Count > 0)
            yield return new Verdict(ConditionTypes.Stalled, true, Reasons.InvalidSpec, string.Join("; ", input.Faults) + ".");
        else if (input.ApplyErrors.Count > 0)
            yield return new Verdict(ConditionTypes.Stalled, true, Reasons.ApplyFailed, string.Join(" ", input.ApplyErrors));
        else if (progressing.Status == true)
            yield return progressing with { Type = ConditionTypes.Reconciling };
    }
}
