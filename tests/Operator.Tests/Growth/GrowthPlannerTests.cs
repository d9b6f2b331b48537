using CacheOperator.Operator.Growth;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;

namespace CacheOperator.Operator.Tests.Growth;

public sealed class GrowthPlannerTests
{
    private const string Larger = """{ "memory": "512Mi" }""";

    private readonly GrowthScene _scene = new();

    [Fact]
    public void Members_grow_one_after_the_other_and_none_is_replaced()
    {
        var uids = _scene.Pods.Select(p => p.Uid).ToList();
        Begin();
        foreach (var ordinal in new[] { 1, 0 })
        {
            var step = _scene.Step();
            Assert.Equal((ordinal, GrowthAction.Resize, 512), (step.Pod.Ordinal, step.Action, step.Size.MemoryMebibytes));
            _scene.Carry(step);
            Assert.Equal((ordinal, GrowthAction.Wait), (_scene.Step().Pod.Ordinal, _scene.Step().Action));
            Assert.Null(_scene.Named(ordinal));

            // Not before the node has granted it: memcached would be killed by its control group.
            _scene.Grant(ordinal);
            Assert.Equal(512, _scene.Named(ordinal));
            Assert.Equal((ordinal, GrowthAction.Wait), (_scene.Step().Pod.Ordinal, _scene.Step().Action));
            _scene.Raise();
            Assert.Equal((ordinal, GrowthAction.Finish), (_scene.Step().Pod.Ordinal, _scene.Step().Action));
            _scene.Carry(_scene.Step());
            Assert.Empty(_scene.Control());
        }

        Assert.Equal(new ZoneGrowth(GrowthScene.Zone, Holds: false), _scene.Plan());
        _scene.Apply();
        Assert.False(MembersStatefulSet.IsHeld(_scene.Live));
        Assert.Equal(_scene.Live.Status.UpdateRevision, _scene.Live.Status.CurrentRevision);
        Assert.Equal(uids, _scene.Pods.Select(p => p.Uid));

        // For good: their own argument stays the old one.
        Assert.Equal([512L, 512L], new[] { _scene.Named(0), _scene.Named(1) });
        Assert.False(_scene.Plan().Holds);
    }

    [Fact]
    public void Another_leader_at_any_moment_goes_on_where_the_last_one_stopped()
    {
        Begin();
        var actions = new List<(int?, GrowthAction)>();
        while (Next() is { } step)
        {
            if (actions.Count == 0 || actions[^1] != (step.Pod.Ordinal, step.Action)) actions.Add((step.Pod.Ordinal, step.Action));
            if (step.Action == GrowthAction.Wait)
            {
                _scene.Grant(step.Pod.Ordinal!.Value);
                if (_scene.Named(step.Pod.Ordinal.Value) is not null) _scene.Raise();
            }

            _scene.Carry(step);
            Assert.Empty(_scene.Control());
        }

        Assert.Equal(
            [(1, GrowthAction.Resize), (1, GrowthAction.Wait), (1, GrowthAction.Finish), (0, GrowthAction.Resize), (0, GrowthAction.Wait), (0, GrowthAction.Finish)], actions);

        GrowthStep? Next()
        {
            _scene.Ledger = new GrowthLedger();
            return _scene.Plan().Step;
        }
    }

    [Theory]
    [InlineData("""{ "memory": "128Mi" }""", "memory cannot be taken")]
    [InlineData("""{ "memory": "512Mi", "engine": { "resources": { "requests": { "cpu": "20m" } } } }""", "not all of its resources grow")]
    [InlineData("""{ "memory": "512Mi", "engine": { "resources": { "limits": { "memory": "512Mi" }, "requests": { "memory": "512Mi" } } } }""", "leaves less for memcached")]
    [InlineData("""{ "memory": "512Mi", "engine": { "image": "memcached:other" } }""", null)]
    [InlineData("""{ "memory": "512Mi", "maxItemSize": "2Mi" }""", null)]
    [InlineData("""{ "memory": "512Mi", "podTemplate": { "labels": { "team": "web" } } }""", null)]
    [InlineData("""{ "engine": { "threads": 8 } }""", null)]
    public void What_is_no_mere_growth_replaces_members(string spec, string? obstacle)
    {
        _scene.Desire(spec);
        AssertReplaced(obstacle);
        _scene.Apply();
        Assert.False(MembersStatefulSet.IsHeld(_scene.Live));
        Assert.All(_scene.Pods, p => Assert.Equal(_scene.Live.Status.UpdateRevision, p.Revision));
    }

    [Fact]
    public void A_server_that_does_not_resize_pods_replaces_members()
    {
        _scene.Resizes = false;
        _scene.Desire(Larger);
        AssertReplaced("does not serve pods/resize");
    }

    [Fact]
    public void Where_the_container_has_enough_already_no_pod_is_resized()
    {
        const string Roomy = """{ "memory": "MEMORY", "engine": { "resources": { "limits": { "memory": "2Gi" }, "requests": { "memory": "0.5Gi" } } } }""";
        var scene = new GrowthScene(Roomy.Replace("MEMORY", "256Mi", StringComparison.Ordinal), resizes: false);
        scene.Desire(Roomy.Replace("MEMORY", "1Gi", StringComparison.Ordinal));
        Assert.True(scene.Plan().Holds);
        scene.Apply();
        scene.Carry(scene.Step());
        Assert.Equal(1024, scene.Named(1));
        Assert.Null(scene.Named(0));
        scene.Raise();
        Assert.Equal(GrowthAction.Finish, scene.Step().Action);
    }

    [Fact]
    public void Only_a_zone_that_serves_in_full_and_is_not_being_updated_begins()
    {
        _scene.Desire(Larger);
        _scene.IsWhole = false;
        AssertReplaced("does not serve in full");
        _scene.IsWhole = true;
        _scene.Pod(0).Metadata.Labels[ObservedPod.RevisionLabel] = "r0";
        AssertReplaced("is being updated");
    }

    [Fact]
    public void Proxies_of_an_older_version_replace_members()
    {
        _scene.Desire(Larger);
        _scene.ProxiesRaise = false;
        AssertReplaced("no proxy is new enough");
    }

    [Fact]
    public void Memory_that_memcached_takes_as_one_piece_cannot_grow()
    {
        var scene = new GrowthScene("""{ "engine": { "args": ["-L"] } }""");
        scene.Desire("""{ "memory": "512Mi", "engine": { "args": ["-L"] } }""");
        Assert.Contains("takes all of its memory when it starts", scene.Plan().Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void More_processors_alone_are_given_in_place_too()
    {
        _scene.Desire("""{ "engine": { "resources": { "requests": { "cpu": "1" } } } }""");
        _scene.Apply();
        _scene.Carry(_scene.Step());
        Assert.Null(_scene.Named(1));
        Assert.Equal(GrowthAction.Finish, _scene.Step().Action);
    }

    [Fact]
    public void A_larger_size_still_is_given_to_members_that_are_growing()
    {
        Begin();
        _scene.Carry(_scene.Step());
        _scene.Grant(1);
        _scene.Raise();
        _scene.Carry(_scene.Step());
        _scene.Desire("""{ "memory": "1Gi" }""");
        Assert.Equal((true, null), (_scene.Plan().Holds, _scene.Plan().Step));
        _scene.Apply();

        // What the topology names meanwhile is up to its planner, which keeps what it knows.
        Assert.Null(_scene.Named(1));
        Assert.Equal((GrowthAction.Resize, 1024), (_scene.Step().Action, _scene.Step().Size.MemoryMebibytes));
    }

    [Fact]
    public void The_old_size_in_the_middle_of_it_replaces_exactly_the_members_that_have_begun()
    {
        Begin();
        _scene.Carry(_scene.Step());
        var untouched = _scene.Observed(0).Uid;
        _scene.Desire("{}");
        Assert.False(_scene.Plan().Holds);

        // The controller finds that it has had this template before.
        _scene.Apply();
        _scene.Live.Status.UpdateRevision = "r1";
        _scene.Pod(0).Metadata.Labels[ObservedPod.RevisionLabel] = "r1";
        _scene.Pod(1).Metadata.Labels[ObservedPod.RevisionLabel] = ObservedPod.Growing;
        Assert.Equal([1], _scene.Control());
        Assert.NotEqual(untouched, _scene.Observed(1).Uid);
    }

    [Fact]
    public void A_restart_that_somebody_asks_for_meanwhile_replaces_members()
    {
        Begin();
        _scene.Carry(_scene.Step());
        _scene.Live.Spec.Template.Metadata.Annotations = new Dictionary<string, string> { [ObservedPod.RestartAnnotation] = "now" };
        Assert.False(_scene.Plan().Holds);

        // A pod that is of that restart already can grow.
        _scene.Pod(0).Metadata.Annotations = new Dictionary<string, string> { [ObservedPod.RestartAnnotation] = "now", ["other"] = "x" };
        ObservedPod.Trim(_scene.Pod(0));
        Assert.Equal((0, GrowthAction.Resize), (_scene.Step().Pod.Ordinal, _scene.Step().Action));
        Assert.Single(_scene.Pod(0).Metadata.Annotations);
    }

    private void Begin()
    {
        _scene.Desire(Larger);
        Assert.Equal(new ZoneGrowth(GrowthScene.Zone, Holds: true), _scene.Plan());
        _scene.Apply();
        Assert.True(MembersStatefulSet.IsHeld(_scene.Live));
    }

    private void AssertReplaced(string? obstacle)
    {
        var plan = _scene.Plan();
        Assert.Equal((false, null), (plan.Holds, plan.Step));
        if (obstacle is null) Assert.Null(plan.Obstacle);
        else Assert.Contains(obstacle, plan.Obstacle, StringComparison.Ordinal);
    }
}
