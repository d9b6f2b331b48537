using CacheOperator.Integration.Tests.Proxy;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Integration.Tests.Clients;

/// <summary>The usual Ruby client, which can speak the meta protocol. Its package has no tests.</summary>
public sealed class RubyClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dalli_can_do_everything_by_the_meta_protocol()
    {
        await ClientSuite.InstallAsync(["ruby"], Token);
        List<string> libraries = [];
        foreach (var package in new[] { "ruby-dalli", "ruby-connection-pool" })
        {
            var files = await ClientSuite.ReachAsync(() => PinnedPackages.FilesAsync(package, null, Token));
            libraries.AddRange(Directory.GetDirectories(Path.Combine(files, "usr/share/rubygems-integration/all/gems")).Select(gem => Path.Combine(gem, "lib")));
        }

        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);
        var script = Path.Combine(AppContext.BaseDirectory, "dalli.rb");

        var output = await ClientSuite.RunAsync(new Command("ruby", [.. libraries.SelectMany(path => new[] { "-I", path }), script, fleet.Proxy.EndPoint.ToString()]), Token);

        Assert.Matches("[0-9]+ checks passed", output);
    }
}
