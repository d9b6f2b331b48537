using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class ProxyNumbersTests
{
    [Fact]
    public void A_proxy_keeps_its_number_when_others_come_and_go()
    {
        var first = ProxyNumbers.Assign([], ["b", "c"]);
        var second = ProxyNumbers.Assign(first, ["a", "c", "d"]);
        Assert.Equal(first.Single(p => p.Name == "c").Number, second.Single(p => p.Name == "c").Number);
        Assert.Equal(3, second.Select(p => p.Number).Distinct().Count());
    }

    [Fact]
    public void A_number_that_was_given_up_rests()
    {
        var first = ProxyNumbers.Assign([], ["a", "b"]);
        var second = ProxyNumbers.Assign(first, ["a", "c"]);
        Assert.DoesNotContain(second.Single(p => p.Name == "c").Number, first.Select(p => p.Number));
    }

    [Fact]
    public void Numbers_start_again_from_below_after_the_last_one()
    {
        var previous = new[] { new ProxyIdentity { Name = "a", Number = TopologyValidator.MaxListedProxyNumber } };
        var next = ProxyNumbers.Assign(previous, ["a", "b"]);
        Assert.Equal(0, next.Single(p => p.Name == "b").Number);
    }

    [Fact]
    public void More_proxies_than_numbers_leave_the_rest_unlisted()
    {
        var names = Enumerable.Range(0, 600).Select(i => $"p{i:000}").ToList();
        var assigned = ProxyNumbers.Assign([], names);
        Assert.Equal(512, assigned.Count);
        Assert.Equal(512, assigned.Select(p => p.Number).Distinct().Count());
        Assert.Equal(assigned, ProxyNumbers.Assign(assigned, names));
    }
}
