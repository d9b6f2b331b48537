using CacheOperator.Proxy.Reconciliation;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.Reconciliation;

public sealed class PrecedenceTests
{
    private static readonly HeldItem Nothing = new(Version: 0, Expiry: 0, Size: 0, Stale: false);

    [Fact]
    public void The_newer_item_stays() => AssertStays(Item(20), Item(10));

    [Fact]
    public void A_newer_deletion_stays() => AssertStays(Mark(21), Item(10));

    [Fact]
    public void An_item_newer_than_a_deletion_stays() => AssertStays(Item(20), Mark(11));

    [Fact]
    public void The_mark_of_a_place_taken_for_an_item_gives_way_to_it() => AssertStays(Item(20), Mark(21));

    [Fact]
    public void An_odd_version_of_an_item_with_a_value_is_no_mark() => AssertStays(Item(21), Item(20));

    [Theory]
    [InlineData(1000, 2000)]
    [InlineData(1000, 0)]
    public void Of_one_version_the_one_that_expires_first_stays(long earlier, long later) => AssertStays(Item(10, earlier), Item(10, later));

    [Theory]
    [InlineData(1000, 1003)]
    [InlineData(0, 0)]
    public void Expiries_that_differ_as_those_of_replicas_do_are_the_same(long one, long other) => AssertBothStay(Item(10, one), Item(10, other));

    [Fact]
    public void What_one_member_does_not_hold_tells_nothing()
    {
        AssertBothStay(Item(10), Nothing);
        AssertBothStay(Mark(11), Nothing);
    }

    [Fact]
    public void What_a_client_has_marked_to_be_refetched_is_left_alone() => AssertBothStay(Item(20) with { Stale = true }, Item(10));

    [Fact]
    public void Clocks_that_differ_are_accounted_for()
    {
        Assert.Equal(0, Precedence.Compare(Item(10, 1000), Item(10, 1500), clockShift: 500));
        Assert.True(Precedence.Compare(Item(10, 1000), Item(10, 1000), clockShift: 500) < 0);
        Assert.Equal(0, Precedence.Compare(Item(10), Item(10), clockShift: 500));
    }

    private static void AssertStays(HeldItem winner, HeldItem loser)
    {
        Assert.True(Precedence.Compare(winner, loser, clockShift: 0) > 0);
        Assert.True(Precedence.Compare(loser, winner, clockShift: 0) < 0);
    }

    private static void AssertBothStay(HeldItem one, HeldItem other)
    {
        Assert.Equal(0, Precedence.Compare(one, other, clockShift: 0));
        Assert.Equal(0, Precedence.Compare(other, one, clockShift: 0));
    }

    private static HeldItem Item(ulong version, long expiry = 0) => new(version, expiry, Size: 3, Stale: false);

    private static HeldItem Mark(ulong version) => new(version, Expiry: 5000, Size: 0, Stale: false);
}
