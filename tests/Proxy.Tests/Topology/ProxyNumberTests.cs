using CacheOperator.Proxy.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Topology;

public sealed class ProxyNumberTests
{
    private static readonly TopologyDocument Document = new()
    {
        Cache = "default/sessions", Generation = 1, Zones = ["a"], Proxies = [new ProxyIdentity { Name = "listed", Number = 17 }],
    };

    [Fact]
    public void A_listed_proxy_has_the_number_of_the_document() => Assert.Equal(17, ProxyNumber.Of(Document, "listed"));

    [Fact]
    public void An_unlisted_proxy_has_a_number_that_no_listed_one_can_have()
    {
        for (var i = 0; i < 1000; i++) Assert.InRange(ProxyNumber.Of(Document, $"proxy-{i}"), 512, 1023);
        Assert.Equal(ProxyNumber.Of(Document, "me"), ProxyNumber.Of(Document, "me"));
    }
}
