using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Hints;

/// <summary>Who can make up for what a member missed: whoever has missed nothing of the key, or only what is older.</summary>
internal static class HintSources
{
    private const int None = -1;

    /// <summary>The shard whose members can make up for a missed write; none for a key that has moved away since: it is only to be forgotten.</summary>
    public static int ShardOf(in Hint hint, Member member, KeyPlacement placement)
    {
        var hash = KeyHash.OfRequested(hint.Key);
        return placement.Holds(member.Shard, hash) ? placement.OwnerOf(hash) : None;
    }

    /// <param name="hints">What was missed.</param>
    /// <param name="others">The other Ready replicas.</param>
    /// <param name="members">What is known of them.</param>
    /// <returns>The hints by source; those that nobody can make up for have none.</returns>
    public static IReadOnlyList<(Member? Source, List<Hint> Hints)> Choose(
        IReadOnlyList<Hint> hints, IReadOnlyList<Member> others, IReadOnlyDictionary<string, MemberHealth> members)
    {
        var sound = others.Where(m => members[m.Uid].Record is { IsReachable: true } record && record.IsExpected(m)).ToList();
        var groups = new List<(Member? Source, List<Hint> Hints)>();
        foreach (var source in sound) groups.Add((source, []));
        groups.Add((null, []));
        foreach (var hint in hints)
        {
            var best = groups.Count - 1;
            var least = Lack.Unknown;
            for (var i = 0; i < sound.Count; i++)
            {
                var lack = members[sound[i].Uid].LackOf(hint.Key);
                if (lack.MakesUpFor(hint.Lack) && lack.CompareTo(least) < 0) (best, least) = (i, lack);
            }

            groups[best].Hints.Add(hint);
        }

        return [.. groups.Where(group => group.Hints.Count > 0)];
    }
}
