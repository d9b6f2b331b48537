using CacheOperator.Operator.Api;

namespace CacheOperator.Operator.Status;

/// <summary>Tells that the cache keeps images that a new one would not get, and how to leave them.</summary>
internal static class UpdateAvailableCondition
{
    /// <returns>One verdict, or none when there is nothing to tell.</returns>
    public static IEnumerable<Verdict> Of(StatusInput input, ReplicatedCache cache)
    {
        if (input.OutdatedImages.Count == 0) yield break;
        var text = string.Join(", ", input.OutdatedImages);
        yield return new Verdict(
            ConditionTypes.UpdateAvailable,
            true,
            Reasons.OtherDefaultImages,
            $"{char.ToUpperInvariant(text[0])}{text[1..]}, which is this operator's; to roll that out: kubectl annotate rcache {cache.Metadata.Name} "
            + $"-n {cache.Metadata.NamespaceProperty} --overwrite {ApiGroup.UpdateImages}=$(date +%s)");
    }
}
