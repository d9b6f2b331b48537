using CacheOperator.Integration.Tests.Proxy;

namespace CacheOperator.Integration.Tests.Clients;

/// <summary>Two Python clients, one of them on top of libmemcached, with their own test suites.</summary>
public sealed class PythonClientTests
{
    private const string Python = "/usr/bin/python3";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pymemcache_passes_its_tests()
    {
        using var suite = await ClientSuite.PrepareAsync("python-pymemcache", "4.0.0", ["python3", "python3-pytest"], Token);
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);

        // What the proxy has no match for.
        suite.Replace("pymemcache/test", "test_integration.py", "    client.stats(\"cachedump\", \"1\", \"1\")\n", "");
        suite.Replace("pymemcache/test", "test_integration.py", "    success = client.cache_memlimit(50)\n    assert success\n", "");

        var output = await PytestAsync(suite, "pymemcache/test/test_integration.py", "--server", $"{fleet.Proxy.EndPoint.Address}", "--port", $"{fleet.Proxy.EndPoint.Port}");

        Assert.Matches("[0-9]{2} passed", output);
    }

    [Fact]
    public async Task Pylibmc_passes_its_tests()
    {
        using var suite = await ClientSuite.PrepareAsync("pylibmc", "1.6.3", ["python3", "python3-pytest", "python3-pylibmc"], Token);
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);
        var endPoint = fleet.Proxy.EndPoint;
        suite.Replace("tests", "__init__.py", "11211", $"{endPoint.Port}");
        suite.Replace("tests", "test_autoconf.py", "autoconf.elasticache()", $"autoconf.elasticache(address='{endPoint}')");

        // The text protocol instead of the binary one; without the keys that only the latter can name.
        suite.Replace("tests", "test_*.py", "binary=True", "binary=False");
        var environment = new Dictionary<string, string> { ["MEMCACHED_HOST"] = $"{endPoint.Address}", ["MEMCACHED_PORT"] = $"{endPoint.Port}" };
        var output = await PytestAsync(suite, environment, "tests", "--deselect", "tests/test_client.py::ClientTests::test_zerokey", "--deselect", "tests/test_client.py::ClientTests::test_utf8_encoding");

        Assert.Matches("[0-9]{2} passed", output);
    }

    private static Task<string> PytestAsync(ClientSuite suite, params string[] arguments) => PytestAsync(suite, [], arguments);

    // The packages' settings of pytest want plug-ins that measure coverage.
    private static Task<string> PytestAsync(ClientSuite suite, Dictionary<string, string> environment, params string[] arguments)
    {
        environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return suite.RunAsync(Python, ["-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", ".", "-p", "no:cacheprovider", "-W", "ignore", .. arguments], Token, environment);
    }
}
