using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Results;

/// <summary>What a row came to.</summary>
/// <param name="Row">Which.</param>
/// <param name="Runs">In the order of the repetitions; lacks a target that failed.</param>
/// <param name="Failures">Why a target has no numbers here.</param>
internal sealed record RowResult(
    Row Row, IReadOnlyDictionary<TargetKind, IReadOnlyList<Measurement>> Runs, IReadOnlyDictionary<TargetKind, string> Failures)
{
    public Measurement? Median(TargetKind kind) => Runs.TryGetValue(kind, out var runs) ? Measurement.Median([.. runs]) : null;

    /// <summary>This project's proxy against the better one, number by number, of both peers; null when one of the parties failed.</summary>
    public Ratios? AgainstTheBetter() => Against([.. Enum.GetValues<TargetKind>().Where(kind => kind.IsPeer())]);

    /// <summary>The same against those that do the same work: for writes, those that write all zones.</summary>
    public Ratios? AgainstTheSameReplication() =>
        Row.Workload.Mix == Load.Mix.Get ? AgainstTheBetter() : Against([TargetKind.BuiltInProxy]);

    private Ratios? Against(TargetKind[] kinds)
    {
        var peers = kinds.Select(Median).OfType<Measurement>().ToArray();
        return Median(TargetKind.CacheProxy) is { } own && peers.Length == kinds.Length ? Ratios.Of(own, peers) : null;
    }
}
