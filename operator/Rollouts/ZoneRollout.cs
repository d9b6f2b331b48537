namespace CacheOperator.Operator.Rollouts;

/// <summary>
/// Decides which zones may be given a new pod template: one at a time, and no whole zone while another lacks members, because the others are
/// what the replaced members are filled from. Within a zone the StatefulSet controller goes pod by pod, paced by the warm-up gate.
/// </summary>
internal static class ZoneRollout
{
    /// <param name="zones">Where they stand.</param>
    /// <param name="isResharding">Keys are on their way between members: whole zones get their new template after that.</param>
    /// <returns>Zones whose StatefulSet may be applied.</returns>
    public static IReadOnlySet<string> MayApply(IReadOnlyList<ZoneState> zones, bool isResharding = false)
    {
        // New zones roll nothing, and those that are as desired are only put right where they were edited by hand.
        var allowed = zones.Where(z => !z.Exists || z.IsCurrent).Select(z => z.Zone).ToHashSet(StringComparer.Ordinal);
        var outdated = zones.Where(z => z.Exists && !z.IsCurrent).ToList();

        // A zone that does not serve in full comes first and at once: the new template is perhaps its cure.
        var broken = outdated.Where(z => !z.IsWhole || (z.IsUpdating && !z.IsHeld)).Select(z => z.Zone).FirstOrDefault();

        // One that was held is in the middle of its change: no other one begins before it is let go, and that may begin to replace its pods.
        var next = outdated.OrderByDescending(z => z.IsHeld).Select(z => z.Zone).FirstOrDefault();
        if (broken is not null)
            allowed.Add(broken);
        else if (!isResharding && next is not null && zones.All(z => z.Zone == next || (z.IsWhole && !z.IsUpdating)))
            allowed.Add(next);
        return allowed;
    }
}
