using CacheOperator.Provisioning.Debian;

namespace CacheOperator.LocalCluster.Tests.Debian;

public sealed class AptSourcesTests
{
    private const string Deb822 =
        """
        # The security archive has no other suites.
        Types: deb
        URIs: http://mirror.example/debian-security
        Suites: bookworm-security
        Components: main
        Signed-By: /keys/security.gpg

        Types: deb
        # a comment inside
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main contrib
        Signed-By: /keys/debian.gpg
        """;

    [Fact]
    public void The_release_archive_is_kept_and_its_suite_replaced() =>
        Assert.Equal(
            "Types: deb deb-src\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\nSigned-By: /keys/debian.gpg\n",
            AptSources.Derive([Deb822], "trixie"));

    [Theory]
    [InlineData("deb http://mirror.example/debian bookworm main\n", "")]
    [InlineData(
        "# deb http://old.example/debian sid main\ndeb [arch=amd64 signed-by=/keys/debian.gpg] http://mirror.example/debian/ bookworm main contrib",
        "Signed-By: /keys/debian.gpg\n")]
    public void One_line_entries_are_understood(string source, string signature)
    {
        var derived = AptSources.Derive([source], "trixie");

        Assert.NotNull(derived);
        Assert.StartsWith("Types: deb deb-src\nURIs: http://mirror.example/debian", derived, StringComparison.Ordinal);
        Assert.EndsWith($"Suites: trixie\nComponents: main\n{signature}", derived, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_inside_the_sources_is_kept()
    {
        const string Key = "Signed-By: \n -----BEGIN KEY-----\n .\n abc\n";

        Assert.EndsWith(Key, AptSources.Derive([$"URIs: http://mirror.example/debian\nComponents: main\n{Key}"], "trixie"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disabled_archive_is_not_used() =>
        Assert.Null(AptSources.Derive(["Enabled: no\nURIs: http://mirror.example/debian\nComponents: main\n"], "trixie"));

    [Fact]
    public void Without_a_Debian_archive_there_is_nothing_to_derive() =>
        Assert.Null(AptSources.Derive(
            ["deb https://packages.example/tool stable main", "Types: deb\nURIs: http://archive.example/ubuntu\nComponents: main"], "trixie"));
}
