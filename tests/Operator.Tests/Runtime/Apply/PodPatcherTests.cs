using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Tests.ApiServer;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Apply;

[Collection(KubeApiServer.Collection)]
public sealed class PodPatcherTests(KubeApiServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_label_is_set_beside_the_others_and_never_on_a_successor()
    {
        var (patcher, pod) = (new PodPatcher(server.Client), await MakeAsync());
        await patcher.SetLabelAsync(pod, ObservedPod.RevisionLabel, "two", Cancellation);
        var live = (await server.Client.GetAsync<V1Pod>(ObjectKey.Of(pod), Cancellation))!;
        Assert.Equal([("a", "b"), (ObservedPod.RevisionLabel, "two")], live.Metadata.Labels.Select(l => (l.Key, l.Value)).Order());

        Assert.True(await patcher.IsThereAsync(pod, Cancellation));
        pod.Metadata.Uid = Guid.NewGuid().ToString();
        await Assert.ThrowsAsync<ApiException>(() => patcher.SetLabelAsync(pod, ObservedPod.RevisionLabel, "three", Cancellation));
        Assert.False(await patcher.IsThereAsync(pod, Cancellation));
    }

    [Fact]
    public async Task A_server_without_the_subresource_says_that_there_is_none()
    {
        Assert.SkipUnless(server.MinorVersion < 33, "This server resizes pods.");
        var (patcher, pod) = (new PodPatcher(server.Client), await MakeAsync());
        var refused = await Assert.ThrowsAsync<ApiException>(() => patcher.ResizeAsync(pod, "c", new V1ResourceRequirements(), Cancellation));
        Assert.True(refused.IsNotFound, refused.Message);
    }

    private async Task<V1Pod> MakeAsync() => await server.Client.CreateAsync(
        new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "p", NamespaceProperty = await server.NewNamespaceAsync(), Labels = new Dictionary<string, string> { ["a"] = "b", [ObservedPod.RevisionLabel] = "one" },
            },
            Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "i" }] },
        },
        Cancellation);
}
