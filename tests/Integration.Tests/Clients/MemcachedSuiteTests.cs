using System.IO.Enumeration;
using CacheOperator.Integration.Tests.Proxy;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Integration.Tests.Clients;

/// <summary>memcached's own tests (Perl), with a proxy in memcached's place.</summary>
public sealed class MemcachedSuiteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_proxy_passes_memcacheds_own_tests()
    {
        using var suite = await PrepareAsync();
        foreach (var (file, old, replacement) in MemcachedSuite.Changes) suite.Replace("t", file, old, replacement);
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();

        // Some flush everything or count from zero: each has a fleet of its own. Many of them mostly wait.
        await Parallel.ForEachAsync(MemcachedSuite.Applied, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (name, cancellationToken) =>
        {
            await using var fleet = await ProxyFleet.StartAsync(cancellationToken, shards: 2);
            var command = new Command("prove", "--verbose", "--exec", "perl -MThroughProxy", $"t/{name}.t")
            {
                WorkingDirectory = suite.Folder,
                Environment = new Dictionary<string, string>
                {
                    ["PERL5LIB"] = $"t/lib:{AppContext.BaseDirectory}",
                    ["T_MEMD_USE_DAEMON"] = fleet.Proxy.EndPoint.ToString(),
                },
            };
            var (exitCode, output) = await ClientSuite.TryRunAsync(command, cancellationToken);
            if (exitCode != 0 || !output.Contains("Result: PASS", StringComparison.Ordinal)) failures.Add(Shorten(output));
        });

        Assert.True(failures.IsEmpty, string.Join("\n----\n", failures));
    }

    [Fact]
    public async Task Every_test_of_memcached_is_either_passed_or_left_out_with_a_reason()
    {
        using var suite = await PrepareAsync();
        var names = Directory.GetFiles(Path.Combine(suite.Folder, "t"), "*.t").Select(f => Path.GetFileNameWithoutExtension(f)!).ToList();

        Assert.All(names, name => Assert.Equal(1, MemcachedSuite.Applied.Concat(MemcachedSuite.LeftOut.SelectMany(l => l.Names)).Count(n => FileSystemName.MatchesSimpleExpression(n, name))));
        Assert.All(MemcachedSuite.LeftOut.SelectMany(l => l.Names), pattern => Assert.Contains(names, name => FileSystemName.MatchesSimpleExpression(pattern, name)));
    }

    private static Task<ClientSuite> PrepareAsync() => ClientSuite.PrepareAsync("memcached", MemcachedBinary.Version, ["perl"], Token);

    // Tens of thousands of lines say ok.
    private static string Shorten(string output) =>
        string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("ok ", StringComparison.Ordinal)).Select(line => line.Length > 300 ? line[..300] : line).Take(60));
}
