using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Status;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Status;

public sealed class PodProblemsTests
{
    [Theory]
    [InlineData("ImagePullBackOff", true)]
    [InlineData("CrashLoopBackOff", true)]
    [InlineData("ContainerCreating", false)]
    public void A_container_that_will_not_start_by_itself_is_a_problem(string reason, bool problem)
    {
        var pod = Pod(new V1PodStatus
        {
            ContainerStatuses =
            [
                new V1ContainerStatus
                {
                    Name = "memcached", Image = "i", ImageID = "", Ready = false, RestartCount = 0,
                    State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = "because" } },
                },
            ],
        });
        var found = PodProblems.Find([pod]);
        if (problem) Assert.Equal(new PodProblem("p", Reasons.PodFailing, $"{reason}: because"), Assert.Single(found));
        else Assert.Empty(found);
    }

    [Fact]
    public void A_pod_that_no_node_can_take_is_a_problem()
    {
        var pod = Pod(new V1PodStatus
        {
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/3 nodes" }],
        });
        Assert.Equal(new PodProblem("p", Reasons.PodUnschedulable, "0/3 nodes"), Assert.Single(PodProblems.Find([pod])));
    }

    [Fact]
    public void A_pod_that_leaves_is_none()
    {
        var pod = Pod(new V1PodStatus { Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable" }] });
        pod.Pod.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        Assert.Empty(PodProblems.Find([pod]));
    }

    [Fact]
    public void A_pod_that_is_not_made_is_a_problem_after_a_while()
    {
        var missing = new MissingPods();
        var now = DateTimeOffset.UnixEpoch;
        var (both, one) = (Observation("s-a-0", "s-a-1"), Observation("s-a-0"));
        Assert.Empty(missing.Overdue(both, now));
        Assert.Empty(missing.Overdue(one, now));
        Assert.Empty(missing.Overdue(one, now + MissingPods.Patience - TimeSpan.FromSeconds(1)));
        Assert.Equal(["s-a-1"], missing.Overdue(one, now + MissingPods.Patience));

        // Made, and gone again: a new wait.
        Assert.Empty(missing.Overdue(both, now + MissingPods.Patience));
        Assert.Empty(missing.Overdue(one, now + MissingPods.Patience));

        var problem = Assert.Single(PodProblems.FindNotCreated(["s-a-1"], null));
        Assert.Equal(("s-a-1", Reasons.PodNotCreated), (problem.Pod, problem.Reason));
        Assert.EndsWith("kubectl describe statefulset s-a", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_Deployment_says_of_pods_that_it_may_not_make_is_passed_on()
    {
        var condition = new V1DeploymentCondition { Type = "ReplicaFailure", Status = "True", Message = "exceeded quota" };
        var deployment = new V1Deployment { Metadata = new V1ObjectMeta { Name = "d" }, Status = new V1DeploymentStatus { Conditions = [condition] } };
        Assert.Equal(new PodProblem("d", Reasons.PodNotCreated, "exceeded quota"), Assert.Single(PodProblems.FindNotCreated([], deployment)));
        condition.Status = "False";
        Assert.Empty(PodProblems.FindNotCreated([], deployment));
    }

    private static CacheObservation Observation(params string[] pods) => new()
    {
        Members = [.. pods.Select(name => new ObservedPod(new V1Pod { Metadata = new V1ObjectMeta { Name = name } }))],
        Proxies = [],
        StatefulSets = [new V1StatefulSet { Metadata = new V1ObjectMeta { Name = "s-a" }, Spec = new V1StatefulSetSpec { Replicas = 2 } }],
        Nodes = [],
        NodesVisible = true,
    };

    private static ObservedPod Pod(V1PodStatus status) => new(new V1Pod { Metadata = new V1ObjectMeta { Name = "p" }, Status = status });
}
