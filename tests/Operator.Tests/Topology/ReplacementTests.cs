using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class ReplacementTests
{
    private readonly FakeFleet _fleet = FakeFleet.Running();

    [Fact]
    public void A_replaced_pod_is_warmed_up_step_by_step()
    {
        var old = _fleet.Pod("a");
        _fleet.Remove(old);
        var pod = _fleet.AddPod("a");

        _fleet.Step();
        Assert.DoesNotContain(_fleet.Document!.Members, m => m.Uid == old.Uid);
        Assert.Equal(MemberState.Warming, _fleet.Member(pod).State);
        Assert.Empty(_fleet.Document.Copies);

        _fleet.Step();
        Assert.Equal(pod.Uid, _fleet.Copy.Target);
        Assert.Equal(_fleet.Processes[pod.Uid], _fleet.Member(pod).Incarnation);
        Assert.Equal(_fleet.ProxyOf("a").Name, _fleet.Copy.Proxy);

        _fleet.Finish(_fleet.Copy, CopyPhase.Running);
        Assert.False(_fleet.Step().Changed);
        Assert.True(_fleet.Last!.UnderWay);

        _fleet.Finish(_fleet.Copy, CopyPhase.Succeeded);
        _fleet.Step();
        Assert.Equal(MemberState.Ready, _fleet.Member(pod).State);
        Assert.Equal(1, _fleet.Member(pod).Epoch);
        Assert.Empty(_fleet.Document.Copies);
        Assert.Equal([DecisionKind.MemberReady], _fleet.Decisions);
    }

    [Fact]
    public void The_copy_starts_only_when_every_live_proxy_writes_to_the_newcomer()
    {
        _fleet.Remove(_fleet.Pod("a"));
        _fleet.AddPod("a");
        var slow = _fleet.ProxyOf("b");
        slow.Answers = false;
        slow.SilentFor = TimeSpan.FromMinutes(10);

        for (var i = 0; i < 5; i++) _fleet.Step();
        Assert.Empty(_fleet.Document!.Copies);
        Assert.True(_fleet.Last!.UnderWay);

        slow.Answers = true;
        _fleet.Step();
        _fleet.Step();
        Assert.Single(_fleet.Document.Copies);
    }

    [Fact]
    public void A_silent_proxy_whose_pod_is_not_ready_holds_up_others_until_members_have_shown_it_the_generation_for_long_enough()
    {
        var dead = _fleet.ProxyOf("b");
        (dead.Answers, dead.PodReady, dead.SilentFor) = (false, false, TimeSpan.FromHours(1));
        _fleet.Remove(_fleet.Pod("a"));
        _fleet.AddPod("a");
        _fleet.Step();
        _fleet.Step();
        _fleet.Now += ObservedProxy.SilenceLimit - TimeSpan.FromSeconds(1);
        _fleet.Step();
        Assert.Empty(_fleet.Document!.Copies);
        Assert.True(_fleet.Last!.UnderWay);

        _fleet.Now += TimeSpan.FromSeconds(1);
        _fleet.Step();
        Assert.Single(_fleet.Document.Copies);
    }

    [Fact]
    public void A_proxy_that_is_silent_for_a_moment_holds_up_others_however_old_the_generation_is()
    {
        var late = _fleet.ProxyOf("b");
        (late.Answers, late.PodReady, late.SilentFor) = (false, false, ObservedProxy.SilenceLimit - TimeSpan.FromSeconds(1));
        _fleet.Remove(_fleet.Pod("a"));
        _fleet.AddPod("a");
        _fleet.Step();
        _fleet.Step();
        _fleet.Now += TimeSpan.FromHours(1);
        _fleet.Step();
        Assert.Empty(_fleet.Document!.Copies);

        late.SilentFor = ObservedProxy.SilenceLimit;
        _fleet.Step();
        Assert.Single(_fleet.Document.Copies);
    }

    [Fact]
    public void A_terminating_member_gets_no_reads_and_leaves_when_its_pod_is_gone()
    {
        var pod = _fleet.Pod("b");
        _fleet.Change(pod, p => p with { Terminating = true });
        _fleet.Step();
        Assert.Equal(MemberState.Draining, _fleet.Member(pod).State);
        Assert.Equal([DecisionKind.MemberDraining], _fleet.Decisions);
        Assert.False(_fleet.Step().Changed);

        _fleet.Remove(_fleet.Pod("b"));
        _fleet.Step();
        Assert.DoesNotContain(_fleet.Document!.Members, m => m.Uid == pod.Uid);
        Assert.Equal([DecisionKind.MemberRemoved], _fleet.Decisions);
    }

    [Fact]
    public void A_member_that_was_deleted_by_force_is_removed_at_once()
    {
        var pod = _fleet.Pod("b");
        _fleet.Remove(pod);
        _fleet.Step();
        Assert.DoesNotContain(_fleet.Document!.Members, m => m.Uid == pod.Uid);
    }

    [Fact]
    public void A_failed_pod_is_no_member_any_more()
    {
        var pod = _fleet.Pod("b");
        _fleet.Change(pod, p => p with { Finished = true });
        _fleet.Step();
        Assert.DoesNotContain(_fleet.Document!.Members, m => m.Uid == pod.Uid);
    }

    [Fact]
    public void A_process_restarted_in_its_pod_is_filled_anew()
    {
        var pod = _fleet.Pod("c");
        _fleet.RestartProcess(pod);
        _fleet.Step();
        var member = _fleet.Member(pod);
        Assert.Equal(MemberState.Warming, member.State);
        Assert.Equal(2, member.Epoch);
        Assert.Equal(_fleet.Processes[pod.Uid], member.Incarnation);
        Assert.Equal(_fleet.Document!.Generation, member.Since);
        Assert.Equal([DecisionKind.MemberRestarted], _fleet.Decisions);

        _fleet.Settle();
        Assert.Equal(MemberState.Ready, _fleet.Member(pod).State);
        Assert.Equal(2, _fleet.Member(pod).Epoch);
    }

    [Fact]
    public void A_proxy_that_still_speaks_of_the_process_before_does_not_turn_things_back()
    {
        var pod = _fleet.Pod("c");
        _fleet.ProxyOf("a").StaleProcesses[pod.Uid] = _fleet.Processes[pod.Uid];
        _fleet.RestartProcess(pod);
        _fleet.Step();
        Assert.Equal(_fleet.Processes[pod.Uid], _fleet.Member(pod).Incarnation);
        for (var i = 0; i < 3; i++) _fleet.Step();
        Assert.Equal(2, _fleet.Member(pod).Epoch);
    }

    [Fact]
    public void A_process_with_an_older_start_counts_when_all_proxies_agree_on_it()
    {
        // The node's clock was set back.
        var pod = _fleet.Pod("c");
        _fleet.Processes[pod.Uid] = "1@5";
        _fleet.Step();
        Assert.Equal(2, _fleet.Member(pod).Epoch);
        Assert.Equal("1@5", _fleet.Member(pod).Incarnation);
    }

    [Fact]
    public void Two_processes_met_before_one_was_written_down_mean_a_restart()
    {
        var fleet = new FakeFleet("a", "b");
        fleet.AddPod("a");
        fleet.AddProxy("a");
        fleet.AddProxy("b");
        fleet.AddPod("b");
        fleet.Step();
        var pod = fleet.Pod("b");
        fleet.ProxyOf("a").StaleProcesses[pod.Uid] = fleet.Processes[pod.Uid];
        fleet.RestartProcess(pod);
        fleet.Step();
        Assert.Equal(MemberState.Warming, fleet.Member(pod).State);
        Assert.Equal(fleet.Processes[pod.Uid], fleet.Member(pod).Incarnation);
    }

    [Fact]
    public void A_pod_that_got_another_address_is_filled_anew()
    {
        // A node that booted gives its pods new sandboxes: same UID, other address, empty memcached.
        var pod = _fleet.Pod("c");
        _fleet.Change(pod, p => p with { Address = "10.0.9.9:11211" });
        _fleet.RestartProcess(pod);
        _fleet.Step();
        Assert.Equal(MemberState.Warming, _fleet.Member("c").State);
        Assert.Null(_fleet.Member("c").Incarnation);
        Assert.Equal(2, _fleet.Member("c").Epoch);
        _fleet.Settle();
        Assert.Equal(MemberState.Ready, _fleet.Member("c").State);
    }

    [Fact]
    public void A_zone_that_is_no_longer_wanted_drains_and_then_leaves_the_document()
    {
        _fleet.Intent = _fleet.Intent with { Zones = ["a", "b"] };
        _fleet.Step();
        Assert.Equal(MemberState.Draining, _fleet.Member("c").State);
        Assert.Equal(["a", "b", "c"], _fleet.Document!.Zones);
        _fleet.Remove(_fleet.Pod("c"));
        _fleet.Step();
        Assert.Equal(["a", "b"], _fleet.Document.Zones);
    }

    [Fact]
    public void A_zone_that_is_put_back_before_it_left_is_filled_anew()
    {
        _fleet.Intent = _fleet.Intent with { Zones = ["a", "b"] };
        _fleet.Step();
        _fleet.Intent = _fleet.Intent with { Zones = ["a", "b", "c"] };
        _fleet.Step();
        Assert.Equal(MemberState.Warming, _fleet.Member("c").State);
        _fleet.Settle();
        Assert.Equal(MemberState.Ready, _fleet.Member("c").State);
    }
}
