using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>Who is given keys in <see cref="ReshardingPhase.Filling"/>, and by whom. Growing fills new members; shrinking fills those that stay, which serve meanwhile.</summary>
/// <param name="draft">The plan.</param>
/// <param name="filling">What is being done.</param>
internal sealed class Moves(PlanDraft draft, Resharding filling)
{
    /// <summary>The moves of one plan; null in any other phase.</summary>
    public static Moves? Of(PlanDraft draft) => draft.Resharding is { Phase: ReshardingPhase.Filling } filling ? new Moves(draft, filling) : null;

    /// <summary>Whether the member can be given keys: it has been as it is for so long that every proxy writes to it, and lacks nothing of what they wrote.</summary>
    public bool CanBeFilled(Member member) =>
        IsTarget(member)
        && !draft.IsNew(member)
        && member.Incarnation is not null
        && filling.Since < draft.Generation
        && draft.Fleet.HasApplied(Math.Max(member.Since, filling.Since))
        && draft.Fleet.IsReachableByAll(member)
        && draft.Fleet.MissedWrites(member) == 0;

    /// <summary>Whether it has been given everything that it is to own.</summary>
    public bool IsFilled(Member member) => CanBeFilled(member) && draft.Fleet.Hints(member) == 0 && !filling.SourceShards().Except(Given(member)).Any();

    /// <summary>Shards whose keys the member has been given.</summary>
    public IReadOnlyList<int> Given(Member member) => filling.Done.FirstOrDefault(d => d.Uid == member.Uid && d.Epoch == member.Epoch)?.From ?? [];

    /// <summary>Whether the member is of a shard that is given keys, and in the state for that.</summary>
    public bool IsTarget(Member member) =>
        filling.IsTarget(member.Shard) && member.State == (filling.To > filling.From ? MemberState.Warming : MemberState.Ready);
}
