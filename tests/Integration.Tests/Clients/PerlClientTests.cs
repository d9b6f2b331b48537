using CacheOperator.Integration.Tests.Proxy;

namespace CacheOperator.Integration.Tests.Clients;

/// <summary>Two Perl clients with their own test suites.</summary>
public sealed class PerlClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cache_Memcached_passes_its_tests()
    {
        using var suite = await ClientSuite.PrepareAsync("libcache-memcached-perl", "1.30", ["perl", "libstring-crc32-perl"], Token);

        // This one connects to an address where nobody is.
        suite.Remove("t/05_reconnect_timeout.t");
        await ProveAsync(suite, "-I", "lib", "t");
    }

    [Fact]
    public async Task Cache_Memcached_Fast_passes_its_tests()
    {
        using var suite = await ClientSuite.PrepareAsync(
            "libcache-memcached-fast-perl", "0.28", ["perl", "libcache-memcached-fast-perl", "libtest2-suite-perl", "libtest-deep-perl"], Token);

        // Those of the author's own, and one that looks at what the module leaves in Perl's tables.
        foreach (var name in new[] { "changes", "flush-all", "pod", "pod-coverage", "tidy", "perl-namespace" }) suite.Remove($"t/{name}.t");
        await ProveAsync(suite, "--jobs", "4", "t");
    }

    private static async Task ProveAsync(ClientSuite suite, params string[] arguments)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);
        suite.Replace("t", "*", "11211", $"{fleet.Proxy.EndPoint.Port}");

        var output = await suite.RunAsync("prove", arguments, Token);

        // A suite that finds no server skips its tests.
        Assert.DoesNotContain("skipped", output, StringComparison.Ordinal);
        Assert.Contains("Result: PASS", output, StringComparison.Ordinal);
    }
}
