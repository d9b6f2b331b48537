using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A plan in the making: members that change one after the other, and what was decided on the way.</summary>
internal sealed class PlanDraft(TopologyDocument? previous, TopologyIntent intent, FleetView fleet, DateTimeOffset now)
{
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);

    public TopologyDocument? Previous { get; } = previous;

    public TopologyIntent Intent { get; } = intent;

    public FleetView Fleet { get; } = fleet;

    public DateTimeOffset Now { get; } = now;

    /// <summary>
    /// The generation that this plan becomes if it changes anything. Above what any proxy has applied: proxies would ignore a document that
    /// began anew after the stored one was lost.
    /// </summary>
    public long Generation { get; } = Math.Max(previous?.Generation ?? 0, fleet.NewestGeneration) + 1;

    /// <summary>Number of shards by which keys are owned.</summary>
    public int Shards { get; set; } = previous?.Shards ?? intent.Shards;

    public Resharding? Resharding { get; set; } = previous?.Resharding;

    /// <summary>Number of shards that have members.</summary>
    public int MemberShards => Resharding?.MaxShards() ?? Shards;

    public List<TopologyDecision> Decisions { get; } = [];

    public List<CopyAssignment> Copies { get; } = [];

    public List<PurgeAssignment> Purges { get; } = [];

    /// <summary>Moves that did not come to their end in this very plan: another source and another proxy are better.</summary>
    public List<CopyAssignment> FailedMoves { get; } = [];

    /// <summary>In order of zones, then shards.</summary>
    public IEnumerable<Member> Members => _members.Values
        .OrderBy(m => ZoneOrder(m.Zone)).ThenBy(m => m.Zone, StringComparer.Ordinal).ThenBy(m => m.Shard).ThenBy(m => m.Uid, StringComparer.Ordinal);

    public Member Get(string uid) => _members[uid];

    public Member? Find(string uid) => _members.GetValueOrDefault(uid);

    public void Put(Member member) => _members[member.Uid] = member;

    public void Remove(string uid) => _members.Remove(uid);

    /// <summary>Tells about the cache as a whole.</summary>
    public void Tell(DecisionKind kind, string message) => Decisions.Add(new TopologyDecision(kind, Intent.Cache, message));

    /// <summary>Changes a member's state, from the generation of this plan on.</summary>
    /// <param name="refill">A new epoch: whatever was missed before does not count.</param>
    public void Enter(Member member, MemberState state, bool refill, DecisionKind kind, string message)
    {
        Put(member with { State = state, Epoch = member.Epoch + (refill ? 1 : 0), Since = Generation });
        Decisions.Add(new TopologyDecision(kind, member.Name, message));
    }

    /// <summary>Whether the member's state or epoch changed in this very plan.</summary>
    public bool IsNew(Member member) => member.Since == Generation;

    /// <summary>Whether a copy of the document before brings keys from one shard to another.</summary>
    public bool IsMove(CopyAssignment copy) => Previous!.Members.First(m => m.Uid == copy.Source).Shard != Previous.Members.First(m => m.Uid == copy.Target).Shard;

    public IEnumerable<Member> ReadyReplicas(int shard) => _members.Values.Where(m => m.Shard == shard && m.State == MemberState.Ready);

    public int ZoneOrder(string zone)
    {
        for (var i = 0; i < Intent.Zones.Count; i++)
        {
            if (Intent.Zones[i] == zone) return i;
        }

        return Intent.Zones.Count;
    }
}
