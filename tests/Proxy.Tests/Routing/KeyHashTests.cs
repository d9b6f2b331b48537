using System.Text;
using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.Tests.Routing;

/// <summary>These values are frozen: a proxy that computes others finds no key of an existing cache.</summary>
public sealed class KeyHashTests
{
    [Theory]
    [InlineData("", 0x2d06800538d394c2UL)]
    [InlineData("a", 0xe6c632b61e964e1fUL)]
    [InlineData("session:42", 5726246827385582279UL)]
    [InlineData("key-00000001", 3846293674706523138UL)]
    public void The_hash_of_a_key_never_changes(string key, ulong expected) => Assert.Equal(expected, KeyHash.Of(Encoding.ASCII.GetBytes(key)));

    [Theory]
    [InlineData("a", 3, 1)]
    [InlineData("session:42", 3, 2)]
    [InlineData("key-00000001", 16, 7)]
    [InlineData("key-00000001", 1024, 194)]
    public void The_shard_of_a_key_never_changes(string key, int shards, int expected) =>
        Assert.Equal(expected, JumpHash.Shard(KeyHash.Of(Encoding.ASCII.GetBytes(key)), shards));

    [Fact]
    public void The_weights_that_elect_a_primary_never_change() => Assert.Equal(6665374864571776685UL, KeyHash.Weight(KeyHash.Of("a"u8), KeyHash.Of("zone-a")));

    [Fact]
    public void Every_key_is_in_a_shard_that_exists_and_a_further_shard_takes_its_fair_share_from_all()
    {
        const int Keys = 20_000;
        var moved = 0;
        for (var i = 0; i < Keys; i++)
        {
            var hash = KeyHash.Of(Encoding.ASCII.GetBytes($"key-{i}"));
            var four = JumpHash.Shard(hash, 4);
            var five = JumpHash.Shard(hash, 5);
            Assert.InRange(four, 0, 3);
            if (four == five) continue;
            Assert.Equal(4, five);
            moved++;
        }

        Assert.InRange(moved, Keys * 0.18, Keys * 0.22);
    }
}
