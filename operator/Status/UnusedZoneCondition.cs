namespace CacheOperator.Operator.Status;

/// <summary>
/// Proposes zones that came after the cache. They are not joined by themselves: what a zone more costs is a person's decision, and so is when
/// all keys are copied into it.
/// </summary>
internal static class UnusedZoneCondition
{
    /// <returns>One verdict, or none when there is nothing to propose.</returns>
    public static IEnumerable<Verdict> Of(StatusInput input)
    {
        if (input.UnusedZones.Count == 0) yield break;
        yield return new Verdict(
            ConditionTypes.UnusedZone,
            true,
            Reasons.ZoneFound,
            $"Zone {string.Join(", ", input.UnusedZones)} has nodes for this cache but no copy of it; to keep one there set spec.zones: [{string.Join(", ", input.Zones.Concat(input.UnusedZones))}].");
    }
}
