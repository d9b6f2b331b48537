using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>Copies everything from the source to the target, in a process of its own.</summary>
internal interface ICopier
{
    Contender Contender { get; }

    Task<CopyOutcome> CopyAsync(MemberPair members, CopyCase work, CancellationToken cancellationToken);
}
