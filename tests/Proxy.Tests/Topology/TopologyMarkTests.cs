using System.Text;
using CacheOperator.Proxy.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Topology;

public sealed class TopologyMarkTests
{
    private const string Cache = "default/sessions";

    [Fact]
    public void The_reserved_key_is_the_same_in_every_spelling_and_needs_base64()
    {
        Assert.Equal(ReservedKey.Text, Encoding.Latin1.GetString(ReservedKey.Bytes));
        Assert.Equal(Convert.ToBase64String(ReservedKey.Bytes), Encoding.ASCII.GetString(ReservedKey.Base64));
        Assert.Equal(0, ReservedKey.Bytes[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(123_456_789)]
    [InlineData((1L << 40) - 1)]
    public void A_mark_tells_its_generation(long generation) =>
        Assert.Equal(generation, TopologyMark.GenerationOf(Cache, TopologyMark.VersionOf(Cache, generation), 60));

    [Fact]
    public void A_newer_generation_has_a_higher_version()
    {
        for (var generation = 1; generation < 1000; generation++)
            Assert.True(TopologyMark.VersionOf(Cache, generation) < TopologyMark.VersionOf(Cache, generation + 1));
    }

    [Fact]
    public void Nothing_else_is_taken_for_a_mark()
    {
        var version = TopologyMark.VersionOf(Cache, 7);
        Assert.Equal(0, TopologyMark.GenerationOf("default/other", version, 60));
        Assert.Equal(0, TopologyMark.GenerationOf(Cache, version, -1));
        Assert.Equal(0, TopologyMark.GenerationOf(Cache, version, 61));
        Assert.Equal(0, TopologyMark.GenerationOf(Cache, TopologyMark.VersionOf(Cache, 1L << 40), 60));
        for (ulong other = 0; other < 1000; other++) Assert.Equal(0, TopologyMark.GenerationOf(Cache, other, 60));
        Assert.Equal(0, TopologyMark.GenerationOf(Cache, version + 1, 60));
    }
}
