namespace CacheOperator.Topology;

public enum CopyPhase
{
    Running,

    /// <summary>Everything that the source held at the start was looked at and verified.</summary>
    Succeeded,

    /// <summary>Given up; the operator assigns it anew.</summary>
    Failed,
}
