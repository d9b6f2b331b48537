using CacheOperator.Operator.Rollouts;

namespace CacheOperator.Operator.Tests.Rollouts;

public sealed class ZoneRolloutTests
{
    [Fact]
    public void New_zones_are_made_all_at_once() => Assert.Equal(["a", "b"], Allowed(New("a"), New("b")));

    [Fact]
    public void A_new_template_goes_to_one_zone_at_a_time() => Assert.Equal(["a"], Allowed(Old("a"), Old("b"), Old("c")));

    [Fact]
    public void The_next_zone_waits_until_the_one_before_is_updated() => Assert.Equal(["a"], Allowed(Current("a") with { IsUpdating = true }, Old("b")));

    [Fact]
    public void The_next_zone_waits_until_the_one_before_is_warm() => Assert.Equal(["a"], Allowed(Current("a") with { IsWhole = false }, Old("b")));

    [Fact]
    public void The_next_zone_goes_when_all_others_are_whole() => Assert.Equal(["a", "b"], Allowed(Current("a"), Old("b"), Old("c")));

    [Fact]
    public void No_whole_zone_is_touched_while_another_lacks_a_member() => Assert.Equal(["c"], Allowed(Old("a"), Old("b"), Current("c") with { IsWhole = false }));

    [Fact]
    public void A_zone_that_hangs_in_its_update_gets_the_corrected_template_at_once() =>
        Assert.Equal(["a"], Allowed(Old("a") with { IsUpdating = true, IsWhole = false }, Old("b")));

    [Fact]
    public void A_cache_that_never_came_up_gets_its_correction() =>
        Assert.Equal(["a"], Allowed(Old("a") with { IsWhole = false }, Old("b") with { IsWhole = false }));

    [Fact]
    public void Zones_as_desired_are_always_kept_so() => Assert.Equal(["a", "b"], Allowed(Current("a"), Current("b") with { IsWhole = false }));

    [Fact]
    public void While_the_number_of_shards_changes_only_a_zone_that_does_not_come_up_gets_its_new_template()
    {
        Assert.Equal(["c"], ZoneRollout.MayApply([Old("a"), Old("b"), Current("c")], isResharding: true));
        Assert.Equal(["b"], ZoneRollout.MayApply([Old("a"), Old("b") with { IsWhole = false }], isResharding: true));
    }

    [Fact]
    public void A_zone_that_was_held_is_let_go_before_another_one_begins() => Assert.Equal(["b"], Allowed(Old("a"), Held("b"), Old("c")));

    [Fact]
    public void A_held_zone_keeps_others_from_beginning() => Assert.Equal(["b"], Allowed(Old("a"), Held("b") with { IsCurrent = true }, Old("c")));

    [Fact]
    public void A_held_zone_is_not_let_go_to_replace_pods_while_another_lacks_a_member() =>
        Assert.Equal(["a"], Allowed(Current("a") with { IsWhole = false }, Held("b")));

    [Fact]
    public void A_held_zone_that_does_not_serve_in_full_is_let_go_at_once() =>
        Assert.Equal(["a", "b"], Allowed(Current("a") with { IsWhole = false }, Held("b") with { IsWhole = false }));

    private static IEnumerable<string> Allowed(params ZoneState[] zones) => ZoneRollout.MayApply(zones).Order();

    private static ZoneState New(string zone) => new(zone, Exists: false, IsCurrent: false, IsUpdating: false, IsWhole: false);

    private static ZoneState Current(string zone) => new(zone, Exists: true, IsCurrent: true, IsUpdating: false, IsWhole: true);

    private static ZoneState Held(string zone) => Old(zone) with { IsUpdating = true, IsHeld = true };

    private static ZoneState Old(string zone) => new(zone, Exists: true, IsCurrent: false, IsUpdating: false, IsWhole: true);
}
