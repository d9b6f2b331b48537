using CacheOperator.Proxy.Configuration;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>The program as whoever runs it meets it.</summary>
public sealed class CommandLineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Help_names_every_flag_with_its_variable_and_default()
    {
        var result = await ProxyProcess.Built.Command("--help").TryRunAsync(Token);

        Assert.Equal(0, result.ExitCode);
        var flags = new SettingsCommand(_ => null).Command.Options.Where(o => o.Name.StartsWith("--", StringComparison.Ordinal) && o.Name is not ("--help" or "--version")).ToList();
        Assert.True(flags.Count > 20);
        var text = string.Join(' ', result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(flags, flag =>
        {
            Assert.Contains(flag.Name + " ", text, StringComparison.Ordinal);
            Assert.Contains("; CACHEPROXY_" + flag.Name[2..].ToUpperInvariant().Replace('-', '_') + "]", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task All_faults_of_flags_and_variables_are_told_at_once()
    {
        var command = ProxyProcess.Built.Command("--listen", "nowhere", "--max-memory", "1KiB");
        var result = await (command with { Environment = new Dictionary<string, string>(command.Environment) { ["CACHEPROXY_LOOPS"] = "many" } }).TryRunAsync(Token);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("--listen (or CACHEPROXY_LISTEN): \"nowhere\"", result.Error, StringComparison.Ordinal);
        Assert.Contains("--max-memory", result.Error, StringComparison.Ordinal);
        Assert.Contains("CACHEPROXY_LOOPS", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--zone")]
    public async Task A_flag_that_does_not_exist_or_has_no_value_is_an_error(string flag)
    {
        var result = await ProxyProcess.Built.Command(flag).TryRunAsync(Token);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains(flag, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_cannot_be_listened_at_is_named()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        var taken = fleet.Proxy.Admin.MetricsEndPoint.ToString();

        var result = await ProxyProcess.Command(["--admin-listen", taken]).TryRunAsync(Token);

        Assert.Equal(69, result.ExitCode);
        Assert.Contains(taken, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_ends_it_with_success()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 0);
        await using var proxy = await ProxyProcess.StartAsync(fleet.Document, Token, ["--drain-delay", "0s"]);

        await proxy.StopAsync(Token);

        Assert.Equal(0, proxy.ExitCode);
        Assert.Contains("Shutting down", proxy.Log, StringComparison.Ordinal);
    }
}
