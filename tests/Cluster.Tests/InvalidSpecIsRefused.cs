using CacheOperator.ClusterTests.Setup;

namespace CacheOperator.ClusterTests;

public sealed class InvalidSpecIsRefused(ClusterFixture cluster) : Scenario(cluster)
{
    [Theory]
    [InlineData("{ shards: 0 }", "spec.shards")]
    [InlineData("{ shards: many }", "spec.shards")]
    [InlineData("{ memory: lots }", "spec.memory")]
    [InlineData("{ zones: [] }", "spec.zones")]
    [InlineData("{ replication: { writeAck: Sometimes } }", "spec.replication.writeAck")]
    [InlineData("{ nodeLoss: { gracePeriod: soon } }", "spec.nodeLoss.gracePeriod")]
    [InlineData("{ service: { port: 70000 } }", "spec.service.port")]
    public async Task An_invalid_spec_is_refused_with_the_field_named(string spec, string field)
    {
        var applied = await ApplyCacheAsync(spec);

        Assert.False(applied.Succeeded, "the API server took it");
        Assert.Contains(field, applied.Error, StringComparison.Ordinal);
    }
}
