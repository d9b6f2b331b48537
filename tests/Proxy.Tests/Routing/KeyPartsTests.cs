using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Routing;

public sealed class KeyPartsTests
{
    private const int Keys = 40_000;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_key_is_in_one_of_the_parts_and_they_are_equal_within_each_shard(int of)
    {
        var counts = new int[4, of];
        for (var i = 0; i < Keys; i++)
        {
            var hash = KeyHash.Of($"key:{i}");
            counts[JumpHash.Shard(hash, 4), Enumerable.Range(0, of).Single(number => KeyParts.Holds(new KeyPart { Number = number, Of = of }, hash))]++;
        }

        foreach (var count in counts) Assert.InRange(count, Keys / 4 / of * 9 / 10, Keys / 4 / of * 11 / 10);
    }

    [Fact]
    public void No_part_is_all() => Assert.True(KeyParts.Holds(null, KeyHash.Of("key")));
}
