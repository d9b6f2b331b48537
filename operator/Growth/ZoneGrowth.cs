namespace CacheOperator.Operator.Growth;

/// <summary>How a zone's members come to the size that is wanted.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Holds">Its pods are held as they are, whatever its StatefulSet describes: they are given what they lack one after the other.</param>
/// <param name="Step">The next step; null when there is none, or when the StatefulSet has to be applied first.</param>
/// <param name="Obstacle">Why members are replaced although nothing but their size grows; null when there is nothing to say.</param>
internal sealed record ZoneGrowth(string Zone, bool Holds, GrowthStep? Step = null, string? Obstacle = null)
{
    /// <summary>What is going on, in words; null when nothing is.</summary>
    public string? Describe() =>
        !Holds ? null : Step is null ? $"Members of zone {Zone} are about to be given more memory." : $"Members of zone {Zone} are given more memory in place: {Step.Pod.Name} {Step.Message}.";
}
