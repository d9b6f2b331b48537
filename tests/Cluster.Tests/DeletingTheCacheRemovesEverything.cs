using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;

namespace CacheOperator.ClusterTests;

public sealed class DeletingTheCacheRemovesEverything(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Deleting_the_cache_removes_everything_that_it_owned()
    {
        await CreateCacheAsync();
        var objects = await ObjectsAsync();
        Assert.True(objects.Count > 10, string.Join(", ", objects));

        await Kubectl.RunAsync(Cancelled, "delete", "rcache", "sessions", "--namespace", Namespace, "--timeout=60s");

        await Wait.UntilAsync("nothing of it is left", TimeSpan.FromSeconds(90), async () =>
        {
            var left = await ObjectsAsync();
            return left.Count == 0 ? null : $"left: {string.Join(", ", left)}";
        }, Cancelled);
    }

    /// <summary>Every object in the namespace of every kind that the server has, but events and what Kubernetes gives every namespace, sooner or later.</summary>
    private async Task<IReadOnlyList<string>> ObjectsAsync()
    {
        var kinds = (await Kubectl.RunAsync(Cancelled, "api-resources", "--namespaced", "--verbs=list,delete", "-o", "name"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(kind => !kind.StartsWith("events", StringComparison.Ordinal));
        return (await Kubectl.RunAsync(Cancelled, "get", string.Join(',', kinds), "--namespace", Namespace, "-o", "name", "--ignore-not-found"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name is not ("configmap/kube-root-ca.crt" or "serviceaccount/default") && !name.StartsWith("secret/default-token-", StringComparison.Ordinal))
            .ToList();
    }
}
