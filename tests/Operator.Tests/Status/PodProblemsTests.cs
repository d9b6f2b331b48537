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

    private static ObservedPod Pod(V1PodStatus status) => new(new V1Pod { Metadata = new V1ObjectMeta { Name = "p" }, Status = status });
}
