using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Routing;

public sealed class KeyPlacementTests
{
    [Theory]
    [InlineData(ReshardingPhase.Filling, 2, 5)]
    [InlineData(ReshardingPhase.Switched, 5, 2)]
    [InlineData(ReshardingPhase.Purging, 5, 5)]
    public void The_phase_says_which_number_owns_and_which_is_written_as_well(ReshardingPhase phase, int owning, int other)
    {
        var placement = KeyPlacement.Of(Document(owning, new Resharding { From = 2, To = 5, Phase = phase, Since = 1 }));

        Assert.Equal(new KeyPlacement(owning, other), placement);
        Assert.Equal(owning != other, placement.IsChanging);
    }

    [Fact]
    public void Without_resharding_a_key_is_held_by_its_owner_alone()
    {
        var placement = KeyPlacement.Of(Document(3, null));

        Assert.False(placement.IsChanging);
        Assert.All(Hashes(), hash => Assert.Equal(JumpHash.Shard(hash, 3), placement.OwnerOf(hash)));
        Assert.All(Hashes(), hash => Assert.Equal(1, Enumerable.Range(0, 3).Count(shard => placement.Holds(shard, hash))));
        Assert.Empty(placement.Moves());
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(2, 5)]
    [InlineData(5, 2)]
    [InlineData(4, 3)]
    public void Keys_move_between_the_pairs_of_shards_that_it_names_and_no_others(int owning, int other)
    {
        var placement = new KeyPlacement(owning, other);

        var moved = Hashes().Select(hash => (placement.OwnerOf(hash), placement.OtherOf(hash))).Where(pair => pair.Item1 != pair.Item2).ToHashSet();

        Assert.Equal(placement.Moves().ToHashSet(), moved);
    }

    [Fact]
    public void A_key_in_base64_is_hashed_as_the_bytes_that_it_stands_for()
    {
        Assert.Equal(KeyHash.Of("key"), KeyHash.OfRequested("a2V5 b"u8));
        Assert.Equal(KeyHash.Of("a2V5b"), KeyHash.OfRequested("a2V5b"u8));
        Assert.Equal(KeyHash.Of("b"), KeyHash.OfRequested("b"u8));
    }

    private static IEnumerable<ulong> Hashes() => Enumerable.Range(0, 5000).Select(i => KeyHash.Of($"key:{i}"));

    private static TopologyDocument Document(int shards, Resharding? resharding) => new()
    {
        Cache = "default/sessions", Generation = 1, Shards = shards, Zones = ["a"], Resharding = resharding,
    };
}
