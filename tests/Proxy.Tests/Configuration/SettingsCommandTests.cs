using CacheOperator.Proxy.Configuration;

namespace CacheOperator.Proxy.Tests.Configuration;

public sealed class SettingsCommandTests
{
    [Fact]
    public void Without_flags_the_documented_defaults_hold()
    {
        var settings = Read([]);

        Assert.Equal("0.0.0.0:11211", settings.Listen.ToString());
        Assert.Equal("127.0.0.1:11280", settings.AdminListen.ToString());
        Assert.Equal("127.0.0.1:11281", settings.MetricsListen.ToString());
        Assert.Equal(1, settings.Loops);
        Assert.Null(settings.TopologyFile);
    }

    [Fact]
    public void A_flag_wins_over_the_environment()
    {
        var settings = Read(["--zone", "b"], ("CACHEPROXY_ZONE", "a"), ("CACHEPROXY_ADMIN_LISTEN", "0.0.0.0:1"), ("CACHEPROXY_MEMBER_TIMEOUT", "2s"));

        Assert.Equal("b", settings.Zone);
        Assert.Equal("0.0.0.0:1", settings.AdminListen.ToString());
        Assert.Equal(2000, settings.MemberTimeout);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var fault = Assert.Throws<SettingsException>(() => Read(["--listen", "nowhere", "--loops", "0", "--drain-delay", "soon", "--hedge-delay", "2s"]));

        Assert.Contains("--listen", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--loops", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--drain-delay", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--hedge-delay", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listen", "11211")]
    [InlineData("--max-item-size", "-1")]
    [InlineData("--max-item-size", "1M")]
    [InlineData("--max-item-size", "MiB")]
    [InlineData("--max-memory", "9999999999GiB")]
    [InlineData("--dead-peer-timeout", "1s")]
    [InlineData("--member-timeout", "0ms")]
    [InlineData("--member-timeout", "5")]
    [InlineData("--member-timeout", "99999999999s")]
    public void A_value_that_makes_no_sense_is_refused(string flag, string value) => Assert.Throws<SettingsException>(() => Read([flag, value]));

    [Fact]
    public void Memory_is_enough_for_the_largest_item()
    {
        Assert.Equal(80 << 20, Read([]).MaxMemory);
        Assert.Equal(256 << 20, Read(["--max-item-size", "64MiB", "--loops", "2"]).MaxMemory);
        Assert.Contains("--max-memory", Assert.Throws<SettingsException>(() => Read(["--max-item-size", "64MiB", "--max-memory", "96MiB"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("65536", 65536)]
    [InlineData("64KiB", 65536)]
    [InlineData("2MiB", 2 << 20)]
    public void Sizes_may_have_units(string text, int expected) => Assert.Equal(expected, Read(["--max-item-size", text]).MaxItemSize);

    private static ProxySettings Read(string[] args, params (string Name, string Value)[] environment)
    {
        var command = new SettingsCommand(name => environment.FirstOrDefault(e => e.Name == name).Value);
        return command.Read(command.Command.Parse(args));
    }
}
