using CacheOperator.Integration.Tests.Proxy;
using CacheOperator.Provisioning.Caching;

namespace CacheOperator.Integration.Tests.Clients;

/// <summary>The usual Go client with its own test suite.</summary>
public sealed class GoClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gomemcache_passes_its_tests()
    {
        using var suite = await ClientSuite.PrepareAsync("golang-gomemcache", "0.0~git20230611.acc6962", ["golang-go"], Token);
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);
        suite.Replace("memcache", "memcache_test.go", "localhost:11211", fleet.Proxy.EndPoint.ToString());

        // A tenth of a second is not enough for a busy test machine.
        suite.Replace("memcache", "memcache.go", "DefaultTimeout = 100 * time.Millisecond", "DefaultTimeout = 20 * time.Second");
        var environment = new Dictionary<string, string> { ["GO111MODULE"] = "off", ["GOCACHE"] = Path.Combine(ToolCache.Root, "go-build") };

        var output = await suite.RunAsync("go", ["test", "-v", "-count", "1", "-run", "^TestLocalhost$", "./memcache"], Token, environment);

        Assert.Contains("--- PASS: TestLocalhost", output, StringComparison.Ordinal);
    }
}
