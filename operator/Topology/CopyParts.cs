using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>The parts that a member is filled in.</summary>
internal static class CopyParts
{
    /// <summary>More would help little: the target takes what all of them bring.</summary>
    public const int Most = 4;

    /// <summary>Whether these copies of one target bring everything.</summary>
    public static bool IsWhole(IReadOnlyList<CopyAssignment> copies) => copies.Any(c => c.Part is null) || (copies.Count > 0 && copies.Count == copies[0].Part!.Of);

    /// <param name="copies">Some parts, at least one.</param>
    public static IEnumerable<KeyPart> Missing(IReadOnlyList<CopyAssignment> copies)
    {
        var of = copies[0].Part!.Of;
        return Enumerable.Range(0, of).Where(number => copies.All(c => c.Part!.Number != number)).Select(number => new KeyPart { Number = number, Of = of });
    }

    /// <summary>A part of a bound on the whole; 0 is none.</summary>
    public static long ShareOf(long bound, KeyPart? part) => part is null || bound == 0 ? bound : Math.Max(1, bound / part.Of);

    /// <summary>For messages.</summary>
    public static string Remark(KeyPart? part) => part is null ? "" : $" (part {part.Number + 1} of {part.Of})";
}
