using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using k8s;

namespace CacheOperator.ClusterTests;

public sealed class HandEditIsPutBack(ClusterFixture cluster) : Scenario(cluster)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_a_hand_edits_or_deletes_is_put_back()
    {
        var cache = await CreateCacheAsync();
        var lives = await LivesAsync(cache);

        await Kubectl.RunAsync(Cancelled, "patch", "service", "sessions", "--namespace", Namespace, "--type=merge", "-p", """{"spec":{"selector":{"app.kubernetes.io/component":"nobody"}}}""");
        await Kubectl.RunAsync(Cancelled, "scale", "deployment", "sessions-proxy", "--namespace", Namespace, "--replicas=7");
        await Kubectl.RunAsync(Cancelled, "delete", "service", "sessions-memcached", "--namespace", Namespace);

        await Wait.UntilAsync("the Service's selector is back", Deadline, async () =>
        {
            var service = await Api.CoreV1.ReadNamespacedServiceAsync("sessions", Namespace, cancellationToken: Cancelled);
            return service.Spec.Selector["app.kubernetes.io/component"] == "proxy" ? null : "it is still the edited one";
        }, Cancelled);
        await Wait.UntilAsync("the number of proxies is back", Deadline, async () =>
        {
            var deployment = await Api.AppsV1.ReadNamespacedDeploymentAsync("sessions-proxy", Namespace, cancellationToken: Cancelled);
            return deployment.Spec.Replicas == 3 ? null : $"it is {deployment.Spec.Replicas}";
        }, Cancelled);
        await Wait.UntilAsync("the deleted Service is back", Deadline, async () =>
        {
            await Api.CoreV1.ReadNamespacedServiceAsync("sessions-memcached", Namespace, cancellationToken: Cancelled);
            return null;
        }, Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        Assert.Equal(lives, await LivesAsync(cache));
    }
}
