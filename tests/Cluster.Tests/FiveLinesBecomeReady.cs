using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using k8s;

namespace CacheOperator.ClusterTests;

public sealed class FiveLinesBecomeReady(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Five_lines_become_a_replicated_cache_that_serves()
    {
        var sample = await File.ReadAllTextAsync(Repository.Sample, Cancelled);
        var applied = await Kubectl.ApplyAsync(sample, Namespace, Cancelled);
        Assert.True(applied.Succeeded, applied.Error);
        var cache = new CacheView(Api, Namespace, "sessions");
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);

        var zones = await NodeZonesAsync();
        var resource = (await cache.GetAsync(Cancelled))!;
        Assert.Equal("True", resource.Condition("Available"));
        Assert.Equal("False", resource.Condition("Degraded"));
        Assert.Equal("False", resource.Condition("Progressing"));
        Assert.All(resource.Status.Conditions, condition => Assert.False(string.IsNullOrEmpty(condition.Reason), condition.Type));
        Assert.Equal(resource.Metadata.Generation, resource.Status.ObservedGeneration);
        Assert.Equal(zones, resource.Status.Zones.Select(zone => zone.Name).Order());
        Assert.All(resource.Status.Zones, zone => Assert.Equal(1, zone.Ready));
        Assert.Equal($"{zones.Count}/{zones.Count}", resource.Status.Members);
        Assert.Contains("sessions", resource.Status.Endpoint, StringComparison.Ordinal);
        Assert.EndsWith(":11211", resource.Status.Endpoint, StringComparison.Ordinal);

        var members = await cache.MembersAsync(Cancelled);
        Assert.Equal(zones, members.Select(pod => pod.Zone()!).Order());
        Assert.All(members, pod => Assert.True(pod.IsWarm(), pod.Life()));
        await AssertColumnsAsync();
        await Wait.UntilAsync("the Service leads to every proxy", TimeSpan.FromSeconds(30), async () =>
        {
            var endpoints = await Api.CoreV1.ReadNamespacedEndpointsAsync("sessions", Namespace, cancellationToken: Cancelled);
            var addresses = endpoints.Subsets?.SelectMany(subset => subset.Addresses ?? []).Select(address => address.Ip).Order().ToList() ?? [];
            var proxies = (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Status.PodIP).Order();
            return proxies.SequenceEqual(addresses) ? null : $"it leads to {string.Join(", ", addresses)}";
        }, Cancelled);

        var client = await ClientAsync(cache) with { Keys = 1000 };
        Assert.Equal(1000, (await client.FillAsync(Cancelled)).Writes);
        Assert.Equal(1000, (await client.CheckAsync(TimeSpan.Zero, Cancelled)).Hits);
    }

    private async Task<IReadOnlyList<string>> NodeZonesAsync()
    {
        var nodes = await Api.CoreV1.ListNodeAsync(cancellationToken: Cancelled);
        return [.. nodes.Items
            .Where(node => node.Spec.Taints?.Any(taint => taint.Effect == "NoSchedule") != true)
            .Select(node => node.Metadata.Labels["topology.kubernetes.io/zone"]).Distinct().Order()];
    }

    /// <summary>What <c>kubectl get rcache</c> shows: is it healthy, how many members are ready, is something warming.</summary>
    private async Task AssertColumnsAsync()
    {
        var lines = (await Kubectl.RunAsync(Cancelled, "get", "rcache", "--namespace", Namespace)).Split('\n');
        var columns = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["NAME", "READY", "REASON", "MEMBERS", "WARMING", "ENDPOINT", "AGE"], columns);
        Assert.StartsWith("sessions", lines[1], StringComparison.Ordinal);
        Assert.Contains("True", lines[1], StringComparison.Ordinal);
    }
}
