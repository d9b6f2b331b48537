using System.Reflection;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Autoscaling;
using CacheOperator.Operator.NodeLoss;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Tests.Topology;
using CacheOperator.Operator.Topology;
using CacheOperator.Provisioning.Publishing;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Status;

public sealed class ConditionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero);
    private readonly FakeFleet _fleet = FakeFleet.Running();

    [Fact]
    public void A_fleet_in_good_health_is_ready()
    {
        var status = Build(Input());
        Expect(status, "Ready", "True", Reasons.AllZonesServing);
        Expect(status, "Available", "True", Reasons.Serving);
        Expect(status, "Progressing", "False", Reasons.Steady);
        Expect(status, "Degraded", "False", Reasons.AsExpected);
        Assert.Equal(4, status.Conditions!.Count);
        Assert.Equal("3/3", status.Members);
        Assert.Null(status.Warming);
        Assert.All(status.Conditions, c => Assert.Equal(7, c.ObservedGeneration));
        Assert.All(status.Conditions, c => Assert.Equal(0, c.LastTransitionTime.Millisecond));
    }

    [Fact]
    public void Members_that_grow_in_place_are_told_before_what_looks_like_a_rollout()
    {
        var status = Build(Input() with { Rollout = "Zone a is being updated.", Growth = "Members of zone a are given more memory in place." });
        Expect(status, "Progressing", "True", Reasons.GrowingInPlace);
        Expect(status, "Ready", "False", Reasons.GrowingInPlace);
        Expect(status, "Available", "True", Reasons.Serving);
    }

    [Fact]
    public void A_zone_without_a_copy_is_proposed_with_the_spec_that_takes_it_in()
    {
        var status = Build(Input() with { UnusedZones = ["d"] });
        Expect(status, "UnusedZone", "True", Reasons.ZoneFound);
        Expect(status, "Ready", "True", Reasons.AllZonesServing);
        Assert.Contains("spec.zones: [a, b, c, d]", status.Conditions!.Single(c => c.Type == "UnusedZone").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_images_are_offered_with_the_command_that_takes_them_and_are_no_defect()
    {
        var status = Build(Input() with { OutdatedImages = ["proxies run a:1 instead of a:2"] });
        Expect(status, "UpdateAvailable", "True", Reasons.OtherDefaultImages);
        Expect(status, "Ready", "True", Reasons.AllZonesServing);
        Assert.Contains(
            "kubectl annotate rcache c -n ns --overwrite cacheoperator.dev/update-images=", status.Conditions!.Single(c => c.Type == "UpdateAvailable").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProxyAutoscalingState.InPlace, "True", Reasons.AutoscalerInPlace)]
    [InlineData(ProxyAutoscalingState.NotServed, "False", Reasons.AutoscalerNotServed)]
    [InlineData(ProxyAutoscalingState.WithoutMetrics, "False", Reasons.AutoscalerWithoutMetrics)]
    internal void Whether_the_number_of_proxies_follows_their_load_is_told_and_no_defect(ProxyAutoscalingState state, string value, string reason)
    {
        var status = Build(Input() with { ProxyAutoscaling = state });
        Expect(status, "ProxyAutoscaling", value, reason);
        Expect(status, "Ready", "True", Reasons.AllZonesServing);
    }

    [Theory]
    [InlineData(ShardScaling.Fits, "True", Reasons.ShardsFit)]
    [InlineData(ShardScaling.UnderPressure, "True", Reasons.MemoryPressure)]
    [InlineData(ShardScaling.AtMaximum, "False", Reasons.AtMaximumShards)]
    internal void What_the_autoscaler_of_shards_is_about_is_told_and_no_defect(ShardScaling scaling, string value, string reason)
    {
        var status = Build(Input() with { ShardScaling = scaling });
        Expect(status, "ShardAutoscaling", value, reason);
        Expect(status, "Ready", "True", Reasons.AllZonesServing);
    }

    [Theory]
    [InlineData(1, 2, Reasons.ScalingOut)]
    [InlineData(2, 1, Reasons.ScalingIn)]
    public void A_step_of_the_autoscaler_of_shards_is_told_while_it_lasts(int from, int to, string reason)
    {
        var resharding = new Resharding { From = from, To = to, Phase = ReshardingPhase.Filling, Since = 1 };
        Expect(Build(Input() with { Document = _fleet.Document! with { Resharding = resharding }, ShardScaling = ShardScaling.Fits }), "ShardAutoscaling", "True", reason);
    }

    [Fact]
    public void Before_anything_exists_it_is_starting()
    {
        var status = Build(new StatusInput());
        Expect(status, "Ready", "False", Reasons.Starting);
        Expect(status, "Progressing", "True", Reasons.Starting);
        Expect(status, "Reconciling", "True", Reasons.Starting);
        Expect(status, "Degraded", "False", Reasons.AsExpected);
    }

    [Fact]
    public void An_invalid_spec_is_stalled_and_says_all_that_is_wrong_while_clients_are_served()
    {
        var status = Build(Input() with { Faults = ["spec.memory: bad", "spec.zones: bad"] });
        Expect(status, "Ready", "False", Reasons.InvalidSpec);
        Expect(status, "Available", "True", Reasons.Serving);
        Expect(status, "Progressing", "False", Reasons.InvalidSpec);
        Expect(status, "Stalled", "True", Reasons.InvalidSpec);
        Assert.Contains("spec.memory: bad; spec.zones: bad", status.Conditions!.First(c => c.Type == "Ready").Message, StringComparison.Ordinal);
        Expect(Build(new StatusInput { Faults = ["x"] }), "Available", "False", Reasons.InvalidSpec);
    }

    [Fact]
    public void A_member_that_is_filled_is_told_with_its_progress()
    {
        _fleet.Remove(_fleet.Pod("a"));
        _fleet.AddPod("a");
        _fleet.Step();
        _fleet.Step();
        _fleet.ProxyOf("a").Report(_fleet.Copy.Id, CopyPhase.Running, processed: 4);
        var status = Build(Input());
        Expect(status, "Ready", "False", Reasons.WarmingUp);
        Expect(status, "Progressing", "True", Reasons.WarmingUp);
        Expect(status, "Available", "True", Reasons.Serving);
        Assert.Equal("2/3", status.Members);
        Assert.Equal("1 (40%)", status.Warming);
        var warmUp = Assert.Single(status.WarmUps!);
        Assert.Equal(("c-memcached-a-0", "c-memcached-b-0", 40), (warmUp.Pod, warmUp.Source, warmUp.Percent));
        Assert.Equal([(0, 1), (1, 0), (1, 0)], status.Zones!.Select(z => (z.Ready, z.Warming)));
    }

    [Fact]
    public void A_change_of_the_number_of_shards_is_told_with_its_progress()
    {
        _fleet.Scales = true;
        _fleet.Intent = _fleet.Intent with { Shards = 2 };
        _fleet.StepUntil(d => d.Copies.Count > 0);
        var copy = _fleet.Document!.Copies.Single(c => _fleet.Zone(c.Target) == "a");
        _fleet.ProxyOf("a").Report(copy.Id, CopyPhase.Running, processed: 4);
        var status = Build(Input());
        Expect(status, "Ready", "False", Reasons.Resharding);
        Expect(status, "Progressing", "True", Reasons.Resharding);
        Expect(status, "Available", "True", Reasons.Serving);
        Assert.Equal(new ReshardingStatus { From = 1, To = 2, Phase = "Filling", Percent = 13 }, status.Resharding);
        Assert.Equal((1, "3/3", "3 (13%)"), (status.Shards, status.Members, status.Warming));
        Assert.Equal(("c-memcached-a-1", "c-memcached-a-0", 40), (status.WarmUps![0].Pod, status.WarmUps[0].Source, status.WarmUps[0].Percent));

        _fleet.StepUntil(d => d.Resharding!.Phase == ReshardingPhase.Purging);
        status = Build(Input());
        Assert.Equal(new ReshardingStatus { From = 1, To = 2, Phase = "Purging", Percent = 100 }, status.Resharding);
        Assert.Equal((2, "6/6", null), (status.Shards, status.Members, status.Warming));
        _fleet.Settle();
        Assert.Null(Build(Input()).Resharding);

        // Members that serve are told as well while they are given keys.
        _fleet.Intent = _fleet.Intent with { Shards = 1 };
        _fleet.StepUntil(d => d.Copies.Count > 0);
        Assert.Equal(["c-memcached-a-0", "c-memcached-b-0", "c-memcached-c-0"], Build(Input()).WarmUps!.Select(u => u.Pod));
    }

    [Fact]
    public void A_quarantined_member_degrades_the_cache()
    {
        _fleet.ProxyOf("b").Miss(_fleet.Member("a"));
        _fleet.Step();
        var status = Build(Input());
        Expect(status, "Degraded", "True", Reasons.MemberQuarantined);
        Expect(status, "Ready", "False", Reasons.MemberQuarantined);
        Assert.Equal(1, status.Zones![0].Quarantined);
    }

    [Fact]
    public void A_member_that_no_proxy_reaches_does_not_count_as_ready()
    {
        foreach (var proxy in _fleet.Proxies) proxy.Unreachable.Add(_fleet.Member("a").Uid);
        var status = Build(Input());
        Expect(status, "Degraded", "True", Reasons.MemberUnreachable);
        Expect(status, "Available", "True", Reasons.Serving);
        Assert.Equal("2/3", status.Members);
        Assert.Equal(1, status.Zones![0].Unreachable);
    }

    [Fact]
    public void A_pod_that_does_not_come_up_is_told_rather_than_that_nobody_reaches_or_fills_it()
    {
        var member = _fleet.Member("a");
        foreach (var proxy in _fleet.Proxies) proxy.Unreachable.Add(member.Uid);
        var problem = new PodProblem(member.Name, Reasons.PodFailing, "ErrImagePull");
        Expect(Build(Input() with { Problems = [problem], TimedOut = [member.Name] }), "Degraded", "True", Reasons.PodFailing);
    }

    [Fact]
    public void A_shard_without_a_member_is_unavailable()
    {
        _fleet.Pods.Clear();
        _fleet.Step();
        Expect(Build(Input()), "Available", "False", Reasons.ShardUnavailable);
        Expect(Build(Input()), "Ready", "False", Reasons.ShardUnavailable);
    }

    [Fact]
    public void Without_a_ready_proxy_it_is_unavailable() => Expect(Build(Input() with { ReadyProxies = 0 }), "Available", "False", Reasons.NoReadyProxy);

    [Fact]
    public void Missing_members_and_proxies_are_waited_for()
    {
        Expect(Build(Input() with { ReadyProxies = 2 }), "Ready", "False", Reasons.WaitingForProxies);
        _fleet.Remove(_fleet.Pod("a"));
        _fleet.Step();
        Expect(Build(Input()), "Ready", "False", Reasons.WaitingForMembers);
    }

    [Theory]
    [InlineData(NodeLossAction.Wait, Reasons.NodeLost)]
    [InlineData(NodeLossAction.ForceDelete, Reasons.NodeLost)]
    [InlineData(NodeLossAction.LeftToPolicy, Reasons.NodeLost)]
    [InlineData(NodeLossAction.NoOtherNode, Reasons.ZoneDown)]
    internal void A_lost_node_degrades_the_cache(NodeLossAction action, string reason)
    {
        var pod = new ObservedPod(new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "c-memcached-a-0", Labels = new Dictionary<string, string> { [CacheLabels.Zone] = "a" } },
            Spec = new V1PodSpec { NodeName = "a1" },
        });
        var status = Build(Input() with { NodeLoss = [new NodeLossDecision(pod, "a", action, Now)] });
        Expect(status, "Degraded", "True", reason);
        Expect(status, "Ready", "False", reason);
        Expect(status, "Available", "True", Reasons.Serving);
    }

    [Fact]
    public void Other_mishaps_are_told_by_their_reason()
    {
        Expect(Build(Input() with { TimedOut = ["p"] }), "Degraded", "True", Reasons.WarmUpTimedOut);
        Expect(Build(Input() with { Problems = [new PodProblem("p", Reasons.PodFailing, "ErrImagePull")] }), "Degraded", "True", Reasons.PodFailing);
        Expect(Build(Input() with { Problems = [new PodProblem("p", Reasons.PodUnschedulable, "no")] }), "Ready", "False", Reasons.PodUnschedulable);
        Expect(Build(Input() with { Rollout = "Zone a is being updated." }), "Ready", "False", Reasons.RollingUpdate);
        Expect(Build(Input() with { Zones = ["a", "b"] }), "Progressing", "True", Reasons.RemovingZone);
        var refused = Build(Input() with { ApplyErrors = ["Service c was refused."] });
        Expect(refused, "Degraded", "True", Reasons.ApplyFailed);
        Expect(refused, "Stalled", "True", Reasons.ApplyFailed);
        _fleet.ProxyOf("a").SilentFor = ObservedProxy.SilenceLimit;
        Expect(Build(Input()), "Degraded", "True", Reasons.ProxyNotAnswering);
    }

    [Fact]
    public void A_paused_cache_in_good_health_is_ready_and_says_that_it_is_paused()
    {
        var status = Build(Input() with { Paused = true });
        Expect(status, "Ready", "True", Reasons.Paused);
        Expect(status, "Progressing", "False", Reasons.Paused);
    }

    [Fact]
    public void Reconciling_and_Stalled_are_there_only_while_true_and_every_type_once()
    {
        foreach (var input in new[] { Input(), new StatusInput(), Input() with { Faults = ["x"] }, Input() with { Rollout = "x" } })
        {
            var conditions = Build(input).Conditions!;
            Assert.Equal(conditions.Count, conditions.Select(c => c.Type).Distinct().Count());
            Assert.All(conditions.Where(c => c.Type is "Reconciling" or "Stalled"), c => Assert.Equal("True", c.Status));
        }
    }

    [Fact]
    public void The_transition_time_moves_only_when_the_status_flips()
    {
        var cache = Cache();
        cache.Status = StatusBuilder.Build(Input() with { ReadyProxies = 0 }, cache, volatileDue: false, Now);
        var later = StatusBuilder.Build(Input() with { ReadyProxies = 2 }, cache, volatileDue: false, Now.AddMinutes(1));
        Assert.Equal(cache.Status.Conditions![0].LastTransitionTime, later.Conditions![0].LastTransitionTime);
        Assert.NotEqual(cache.Status.Conditions[0].Reason, later.Conditions[0].Reason);
        var ready = StatusBuilder.Build(Input(), cache, volatileDue: false, Now.AddMinutes(1));
        Assert.Equal(Now.AddMinutes(1).AddMilliseconds(-500).UtcDateTime, ready.Conditions![0].LastTransitionTime);
    }

    [Fact]
    public void Every_reason_is_documented_and_every_documented_reason_exists()
    {
        var reasons = typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToList();
        var page = File.ReadAllLines(Path.Combine(RepositoryRoot.Find(), "docs", "conditions.md"));
        var table = page.SkipWhile(l => l != "## Reasons").TakeWhile(l => l != "## Events").Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('`')[1]).ToList();
        Assert.Equal(reasons.Order(), table.Order());
        var events = string.Join(' ', page.SkipWhile(l => l != "## Events"));
        Assert.All(Enum.GetNames<DecisionKind>(), name => Assert.Contains($"`{name}`", events, StringComparison.Ordinal));
    }

    private StatusInput Input() => new()
    {
        Document = _fleet.Document,
        Zones = ["a", "b", "c"],
        DesiredProxies = 3,
        ReadyProxies = 3,
        Proxies = [.. _fleet.Proxies.Select(p => p.Observe())],
    };

    private static ReplicatedCacheStatus Build(StatusInput input) => StatusBuilder.Build(input, Cache(), volatileDue: true, Now);

    private static ReplicatedCache Cache() => new() { Metadata = new V1ObjectMeta { Name = "c", NamespaceProperty = "ns", Generation = 7 } };

    private static void Expect(ReplicatedCacheStatus status, string type, string value, string reason)
    {
        var condition = Assert.Single(status.Conditions!, c => c.Type == type);
        Assert.Equal((value, reason), (condition.Status, condition.Reason));
        Assert.NotEmpty(condition.Message);
    }
}
