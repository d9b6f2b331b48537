using CacheOperator.ClusterTests.Setup;

namespace CacheOperator.ClusterTests;

public sealed class BadImageAndFix(ClusterFixture cluster) : Scenario(cluster)
{
    /// <summary>Of a registry that refuses at once.</summary>
    private const string BadImage = "127.0.0.1:1/memcached:1.6";
    /// <summary>Another name than the default.</summary>
    private const string GoodImage = "docker.io/library/memcached:1.6";

    [Fact]
    public async Task A_bad_image_stops_at_one_pod_and_the_corrected_spec_gets_through_by_itself()
    {
        var cache = await CreateCacheAsync();
        var lives = await LivesAsync(cache);
        var client = await ClientAsync(cache);
        var load = await StartFilledAsync(client);

        await ChangeAsync($"{{ engine: {{ image: '{BadImage}' }} }}");
        await cache.WaitForAsync("Degraded", "PodFailing", ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.ObserveAsync(10, Cancelled));
        var stuck = Assert.Single(await cache.MembersAsync(Cancelled), pod => pod.Spec.Containers[0].Image == BadImage);
        Assert.Equal(lives.Count - 1, (await LivesAsync(cache)).Intersect(lives).Count());
        var told = (await cache.GetAsync(Cancelled))!;
        Assert.Equal("True", told.Condition("Available"));
        Assert.Equal("False", told.Condition("Ready"));
        Assert.Equal("RollingUpdate", told.Reason("Progressing"));
        Assert.Contains(stuck.Metadata.Name, told.Status.Conditions.Single(c => c.Type == "Degraded").Message, StringComparison.Ordinal);
        Assert.Contains(await cache.EventsAsync(Cancelled), e => e.Reason == "PodFailing" && e.Type == "Warning");

        await ChangeAsync($"{{ engine: {{ image: '{GoodImage}' }} }}");
        await cache.WaitUntilReadyAsync(TimeSpan.FromSeconds(240), Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        var members = await cache.MembersAsync(Cancelled);
        Assert.All(members, pod => Assert.Equal(GoodImage, pod.Spec.Containers[0].Image));
        AssertOneAfterTheOther(members);
        await AssertAlikeAsync(cache, client.Keys);
    }
}
