using CacheOperator.Topology;

namespace CacheOperator.Proxy.Routing;

/// <summary>
/// Which shards hold a key: the one that owns it and, while the number of shards is being changed, another one to which its writes go as well: the
/// key is about to move there, or has moved away.
/// </summary>
/// <param name="Owning">Number of shards by which keys are owned.</param>
/// <param name="Other">The other number; the same when nothing is being changed.</param>
internal readonly record struct KeyPlacement(int Owning, int Other)
{
    public bool IsChanging => Other != Owning;

    public static KeyPlacement Of(TopologyDocument document) => new(document.Shards, document.Resharding switch
    {
        { Phase: ReshardingPhase.Filling } resharding => resharding.To,
        { Phase: ReshardingPhase.Switched } resharding => resharding.From,
        _ => document.Shards,
    });

    /// <param name="keyHash">Hash of the key, see <see cref="KeyHash"/>.</param>
    public int OwnerOf(ulong keyHash) => JumpHash.Shard(keyHash, Owning);

    /// <returns>The owner once more for a key that stays where it is.</returns>
    /// <inheritdoc cref="OwnerOf"/>
    public int OtherOf(ulong keyHash) => JumpHash.Shard(keyHash, Other);

    public bool Holds(int shard, ulong keyHash) => OwnerOf(keyHash) == shard || OtherOf(keyHash) == shard;

    /// <summary>The pairs of shards that share keys. Jump hash takes keys only to shards that the smaller number does not have, or only away from those.</summary>
    public IEnumerable<(int Owner, int Other)> Moves()
    {
        var (owners, others) = Other > Owning ? (0..Owning, Owning..Other) : (Other..Owning, 0..Other);
        for (var owner = owners.Start.Value; owner < owners.End.Value; owner++)
        {
            for (var other = others.Start.Value; other < others.End.Value; other++) yield return (owner, other);
        }
    }
}
