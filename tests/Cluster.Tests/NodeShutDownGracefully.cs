using System.Text.Json.Nodes;
using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests;

/// <summary>
/// A kubelet that is told of its machine's shutdown says that its node is not ready, ends its pods and leaves them as Failed. That is staged: kubelets do it
/// from 1.21 on and on systemd's word, and the nodes here have none. So the machine is switched off and the API is told what such a kubelet tells it.
/// </summary>
[Trait("Suite", "Long")]
public sealed class NodeShutDownGracefully(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Failed_pods_are_replaced_at_once_and_those_that_stay_behind_disturb_nobody()
    {
        Cluster.SkipUnlessNodesCanBeStopped();

        // Longer than all of this takes: nobody deletes anything by force here.
        var cache = await CreateCacheAsync("{ memory: 64Mi, shards: 2, nodeLoss: { gracePeriod: 10m } }");
        var (member, proxy) = await ChooseAsync(cache);
        var node = member.Spec.NodeName;
        var bystanders = await LivesAsync(cache, pod => pod.Metadata.Uid != member.Metadata.Uid);
        var client = await ClientAsync(cache, exceptNodes: [node]) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);

        await Mishaps.StopNodeAsync(node);
        await TellNotReadyAsync(node);
        foreach (var pod in new[] { member, proxy }) await TellFailedAsync(pod);

        await Wait.UntilAsync($"a warm replacement of {member.Metadata.Name}", ReadyDeadline, async () =>
            (await cache.MembersAsync(Cancelled)).Any(pod => pod.Metadata.Name == member.Metadata.Name && pod.Metadata.Uid != member.Metadata.Uid && pod.IsReady())
                ? null : "there is none", Cancelled);
        await Wait.UntilAsync("three proxies elsewhere", ReadyDeadline, async () =>
            (await cache.ProxiesAsync(Cancelled)).Count(pod => pod.IsReady() && pod.Spec.NodeName != node) == 3 ? null : "there are fewer", Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);

        // A ReplicaSet leaves its Failed pods to others, such as whoever evicts pods from nodes that are not ready.
        Assert.DoesNotContain(await cache.ProxiesAsync(Cancelled), pod => pod.Metadata.Uid == proxy.Metadata.Uid && pod.Status.Phase != "Failed");
        Assert.Equal("False", (await cache.GetAsync(Cancelled))!.Condition("Degraded"));
        Assert.DoesNotContain(await cache.EventsAsync(Cancelled), e => e.Reason == "NodeLost");

        var lives = await LivesAsync(cache);
        await Mishaps.MendNodeAsync(node, Cancelled);
        AssertUndisturbed(await load.ObserveAsync(5, Cancelled));
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(lives, await LivesAsync(cache));
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Metadata.Name != member.Metadata.Name));
        Assert.True((await cache.GetAsync(Cancelled))!.IsReady);
        await AssertAlikeAsync(cache, client.Keys);
    }

    /// <summary>A member and a proxy on one node, which carries no copy of the operator.</summary>
    private async Task<(V1Pod Member, V1Pod Proxy)> ChooseAsync(CacheView cache)
    {
        var operators = await new OperatorPods(Cluster).NodesAsync();
        var members = await cache.MembersAsync(Cancelled);
        return (await cache.ProxiesAsync(Cancelled))
            .Where(proxy => !operators.Contains(proxy.Spec.NodeName))
            .Select(proxy => (members.FirstOrDefault(member => member.Spec.NodeName == proxy.Spec.NodeName)!, proxy))
            .First(pair => pair.Item1 is not null);
    }

    private async Task TellNotReadyAsync(string node)
    {
        var condition = new JsonObject { ["type"] = "Ready", ["status"] = "False", ["reason"] = "KubeletNotReady", ["message"] = "node is shutting down" };
        await Api.CoreV1.PatchNodeStatusAsync(Patch(new JsonObject { ["conditions"] = new JsonArray(condition) }), node, cancellationToken: Cancelled);

        // Else the scheduler would send the replacement back.
        await Wait.UntilAsync($"{node} takes no pods", ReadyDeadline, async () =>
            (await Api.CoreV1.ReadNodeAsync(node, cancellationToken: Cancelled)).Spec.Taints?.Any(taint => taint.Effect == "NoSchedule") == true ? null : "it has no taint", Cancelled);
    }

    private async Task TellFailedAsync(V1Pod pod)
    {
        var status = new JsonObject
        {
            ["phase"] = "Failed",
            ["reason"] = "Terminated",
            ["message"] = "Pod was terminated in response to imminent node shutdown.",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "False", ["reason"] = "PodFailed" }),
        };
        await Api.CoreV1.PatchNamespacedPodStatusAsync(Patch(status), pod.Metadata.Name, Namespace, cancellationToken: Cancelled);
    }

    private static V1Patch Patch(JsonObject status) => new(new JsonObject { ["status"] = status }.ToJsonString(), V1Patch.PatchType.StrategicMergePatch);
}
