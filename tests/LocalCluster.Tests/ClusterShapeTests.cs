namespace CacheOperator.LocalCluster.Tests;

public sealed class ClusterShapeTests
{
    [Fact]
    public void Nodes_are_named_after_their_zone()
    {
        var shape = new ClusterShape(Zones: 2, NodesPerZone: 2);

        Assert.Equal(["zone-a-1", "zone-a-2", "zone-b-1", "zone-b-2"], shape.NodeNames());
        Assert.Equal("zone-b", ClusterShape.ZoneOf("zone-b-2"));
    }

    [Theory]
    [InlineData(-1, 1, "local", "zones")]
    [InlineData(27, 1, "local", "zones")]
    [InlineData(1, 0, "local", "nodes per zone")]
    [InlineData(26, 9, "local", "60 nodes")]
    [InlineData(1, 1, "", "name")]
    [InlineData(1, 1, "Local", "name")]
    [InlineData(1, 1, "a-b", "name")]
    [InlineData(1, 1, "waytoolong", "name")]
    public void A_shape_out_of_range_is_refused_and_the_field_is_named(int zones, int nodesPerZone, string name, string field)
    {
        var error = Assert.Throws<ArgumentException>(() => new ClusterShape(zones, nodesPerZone, name).Validated());

        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }
}
