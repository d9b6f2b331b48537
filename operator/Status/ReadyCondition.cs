namespace CacheOperator.Operator.Status;

/// <summary>The summary: everything wanted is there, warm and serving. When not, its reason is that of the condition that says why.</summary>
internal static class ReadyCondition
{
    public static Verdict Of(StatusInput input, Verdict available, Verdict progressing, Verdict degraded)
    {
        if (input.Faults.Count > 0)
            return No(Reasons.InvalidSpec, string.Join("; ", input.Faults) + ".");
        if (available.Status != true)
            return No(available.Reason, Because(available, degraded));
        if (degraded.Status == true)
            return No(degraded.Reason, degraded.Message);
        if (progressing.Status == true)
            return No(progressing.Reason, progressing.Message);
        return input.Paused
            ? new Verdict(ConditionTypes.Ready, true, Reasons.Paused, "Every member of every zone serves; spec.paused holds back changes.")
            : new Verdict(ConditionTypes.Ready, true, Reasons.AllZonesServing, "Every member of every zone is warm and serves.");
    }

    private static Verdict No(string reason, string message) => new(ConditionTypes.Ready, false, reason, message);

    private static string Because(Verdict available, Verdict degraded) =>
        degraded.Status == true ? $"{available.Message} {degraded.Message}" : available.Message;
}
