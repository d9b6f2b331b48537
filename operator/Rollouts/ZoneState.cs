namespace CacheOperator.Operator.Rollouts;

/// <summary>Where a zone stands on the way to its desired pod template.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Exists">Its StatefulSet is there.</param>
/// <param name="IsCurrent">The StatefulSet carries what is desired, its number of members aside.</param>
/// <param name="IsUpdating">Its pods do not all follow its template yet.</param>
/// <param name="IsWhole">All its members serve, or are there to be given keys.</param>
internal readonly record struct ZoneState(string Zone, bool Exists, bool IsCurrent, bool IsUpdating, bool IsWhole)
{
    /// <summary>Its StatefulSet replaces no pods, because they are given what they lack in place.</summary>
    public bool IsHeld { get; init; }
}
