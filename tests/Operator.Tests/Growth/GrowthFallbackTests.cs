using CacheOperator.Operator.Growth;
using CacheOperator.Operator.Observing;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Growth;

/// <summary>Members that cannot grow are replaced, after those that can have grown.</summary>
public sealed class GrowthFallbackTests
{
    private readonly GrowthScene _scene = new();

    public GrowthFallbackTests()
    {
        _scene.Desire("""{ "memory": "512Mi" }""");
        _scene.Apply();
        _scene.Carry(_scene.Step());
    }

    [Fact]
    public void A_member_whose_node_is_too_small_is_replaced_when_the_others_have_grown()
    {
        _scene.Say(1, "PodResizePending", "Infeasible", generation: 2);
        AssertGivenUp("Infeasible: words");
        _scene.Carry(_scene.Step());
        var uid = _scene.Observed(0).Uid;
        GrowFirst();

        Assert.False(_scene.Plan().Holds);
        _scene.Apply();
        Assert.Equal(uid, _scene.Observed(0).Uid);
        Assert.Equal(_scene.Live.Status.UpdateRevision, _scene.Observed(1).Revision);
        Assert.Null(_scene.Named(1));
        Assert.Equal(512, _scene.Named(0));
    }

    [Fact]
    public void A_member_whose_node_has_no_room_waits_for_it_and_not_for_ever()
    {
        _scene.Say(1, "PodResizePending", "Deferred");
        AssertWaits("room on its node (Deferred: words)");
        _scene.Now += MemberGrowth.DeferredPatience - TimeSpan.FromSeconds(1);
        AssertWaits("room on its node");

        // A new leader cannot know how long it has been so, and waits once more.
        var ledger = _scene.Ledger;
        _scene.Ledger = new GrowthLedger();
        AssertWaits("room on its node");
        _scene.Ledger = ledger;
        _scene.Now += TimeSpan.FromSeconds(1);
        AssertGivenUp("room on its node (Deferred: words) and has done so for 300 s");
    }

    [Fact]
    public void Room_that_is_found_in_time_is_taken()
    {
        _scene.Say(1, "PodResizePending", "Deferred");
        AssertWaits("room");
        _scene.Now += TimeSpan.FromMinutes(4);
        _scene.Pod(1).Status.Conditions = [];
        AssertWaits("its node to give it other resources");
        _scene.Grant(1);
        _scene.Raise();
        Assert.Equal(GrowthAction.Finish, _scene.Step().Action);
    }

    [Fact]
    public void What_was_said_of_an_earlier_size_does_not_count()
    {
        _scene.Say(1, "PodResizePending", "Infeasible", generation: 1);
        AssertWaits("its node to give it other resources");
        _scene.Say(1, "PodResizePending", "Infeasible", generation: 2);
        AssertGivenUp("Infeasible");
    }

    [Fact]
    public void What_is_said_of_no_size_in_particular_counts_at_the_second_look()
    {
        _scene.Say(1, "PodResizePending", "Infeasible");
        AssertWaits("its node to give it other resources");
        _scene.Now += MemberGrowth.SecondLook;
        AssertGivenUp("Infeasible");
    }

    [Fact]
    public void While_a_node_is_at_it_the_topology_names_no_memory()
    {
        _scene.Grant(1);
        _scene.Say(1, "PodResizeInProgress", "");
        Assert.Null(_scene.Named(1));
        AssertWaits("its node to give it other resources");
    }

    [Fact]
    public void A_node_that_knows_nothing_of_it_is_not_waited_for_for_long()
    {
        AssertWaits("its node to give it other resources");
        _scene.Now += MemberGrowth.Patience;
        AssertGivenUp("its node to give it other resources and has done so for 120 s");
    }

    [Fact]
    public void A_server_that_takes_the_change_and_does_not_make_it_is_not_asked_for_ever()
    {
        // As an admission policy does that keeps resources as they are.
        _scene.Pod(1).Spec.Containers[0].Resources = new V1ResourceRequirements();
        Assert.Equal(GrowthAction.Resize, _scene.Step().Action);
        _scene.Now += MemberGrowth.Patience;
        AssertGivenUp("is to be given other resources");
    }

    [Fact]
    public void What_others_add_to_a_pods_resources_does_not_count()
    {
        var resources = _scene.Pod(1).Spec.Containers[0].Resources;
        _scene.Pod(1).Spec.Containers[0].Resources = new V1ResourceRequirements
        {
            Limits = new Dictionary<string, ResourceQuantity>(resources.Limits) { ["ephemeral-storage"] = new("1Gi") }, Requests = resources.Requests,
        };
        AssertWaits("its node to give it other resources");
    }

    [Fact]
    public void A_limit_that_no_proxy_raises_is_not_waited_for_for_long()
    {
        _scene.Grant(1);
        AssertWaits("a proxy to give memcached a limit of 512Mi");
        _scene.Now += MemberGrowth.Patience;
        AssertGivenUp("a limit of 512Mi");
    }

    [Fact]
    public void Without_any_proxy_nothing_is_given_up()
    {
        _scene.Grant(1);
        AssertWaits("a proxy to give memcached");
        _scene.ProxiesLive = false;
        AssertWaits("a proxy that answers");
        _scene.Now += TimeSpan.FromHours(1);
        AssertWaits("a proxy that answers");
        _scene.ProxiesLive = true;
        AssertWaits("a proxy to give memcached");
    }

    [Fact]
    public void A_member_whose_container_does_not_run_comes_last_and_is_replaced()
    {
        _scene.Carry(_scene.Step());
        _scene.Grant(1);
        _scene.Raise();
        _scene.Carry(_scene.Step());
        _scene.Pod(0).Status.ContainerStatuses[0].State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "CrashLoopBackOff" } };
        AssertWaits("its container to run");
        _scene.Now += MemberGrowth.Patience;
        AssertGivenUp("its container to run");
        _scene.Carry(_scene.Step());
        Assert.False(_scene.Plan().Holds);
    }

    [Fact]
    public void A_pod_that_is_leaving_is_not_waited_for()
    {
        _scene.Pod(1).Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        Assert.Equal(0, _scene.Step().Pod.Ordinal);
    }

    [Fact]
    public void Another_size_is_another_chance()
    {
        _scene.Say(1, "PodResizePending", "Infeasible", generation: 2);
        _scene.Carry(_scene.Step());
        _scene.Desire("""{ "memory": "300Mi" }""");

        // Less than was wanted, though more than there was: nothing is taken from those that have grown.
        Assert.Contains("memory cannot be taken", _scene.Plan().Obstacle, StringComparison.Ordinal);
        _scene.Desire("""{ "memory": "600Mi" }""");
        _scene.Apply();
        Assert.Equal((1, GrowthAction.Resize), (_scene.Step().Pod.Ordinal, _scene.Step().Action));
    }

    private void GrowFirst()
    {
        Assert.Equal(0, _scene.Step().Pod.Ordinal);
        _scene.Carry(_scene.Step());
        _scene.Grant(0);
        _scene.Raise();
        _scene.Carry(_scene.Step());
    }

    private void AssertWaits(string what)
    {
        var step = _scene.Step();
        Assert.Equal((1, GrowthAction.Wait), (step.Pod.Revision == ObservedPod.Growing ? step.Pod.Ordinal : 1, step.Action));
        Assert.Contains($"waits for {what}", step.Message, StringComparison.Ordinal);
    }

    private void AssertGivenUp(string why)
    {
        var step = _scene.Step();
        Assert.Equal(GrowthAction.GiveUp, step.Action);
        Assert.Contains(why, step.Message, StringComparison.Ordinal);
    }
}
