using System.Text.RegularExpressions;
using CacheOperator.Integration.Tests.Proxy;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Integration.Tests.Clients;

/// <summary>libmemcached's conformance suite for servers.</summary>
public sealed class CClientTests
{
    // As memcached 1.6.45, which the suite does not know yet, the proxy does not mind words after the key of a delete.
    private static readonly string[] Outdated = ["ascii delete", "ascii delete noreply"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_proxy_passes_memcapable()
    {
        await ClientSuite.InstallAsync(["libmemcached-tools"], Token);
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);
        var command = new Command("memccapable", "-a", "-h", $"{fleet.Proxy.EndPoint.Address}", "-p", $"{fleet.Proxy.EndPoint.Port}");

        var (_, output) = await ClientSuite.TryRunAsync(command, Token);

        var results = Regex.Matches(output, @"(ascii \w+(?: noreply)?) +(\[pass\])?").ToLookup(m => m.Groups[2].Success, m => m.Groups[1].Value);
        Assert.True(results[false].SequenceEqual(Outdated) && results[true].Count() == 25, output);
    }
}
