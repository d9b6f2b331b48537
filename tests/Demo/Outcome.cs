using CacheOperator.Testbed.Contents;
using CacheOperator.Testbed.Load;

namespace CacheOperator.Demo;

/// <summary>What the demo saw, and whether the promises were kept.</summary>
internal sealed record Outcome
{
    public required LoadReport Before { get; init; }

    public required LoadReport During { get; init; }

    public required LoadReport After { get; init; }

    /// <summary>Reading every key once, in the end.</summary>
    public required LoadReport Check { get; init; }

    public required Timeline Timeline { get; init; }

    /// <summary>The replacement's contents against a member that lived on.</summary>
    public required ContentsComparison Contents { get; init; }

    public required string Replacement { get; init; }

    public required string Neighbour { get; init; }

    public required bool NeighboursUntouched { get; init; }

    public IEnumerable<string> BrokenPromises()
    {
        LoadReport[] all = [Before, During, After, Check];
        if (all.Sum(report => report.GetErrors) is > 0 and var errors) yield return $"clients saw {errors} errors on get";
        if (all.Sum(report => report.Wrong) is > 0 and var wrong) yield return $"clients got {wrong} wrong answers";
        if (all.Sum(report => report.Misses) is > 0 and var misses) yield return $"clients missed {misses} keys that were cached";
        if (all.Sum(report => report.WriteErrors) is > 0 and var writes) yield return $"{writes} writes failed";
        if (!Contents.AllIdentical) yield return $"{Replacement} against {Neighbour}: {Contents}";
        if (!NeighboursUntouched) yield return "members of other zones were restarted or replaced";
    }
}
