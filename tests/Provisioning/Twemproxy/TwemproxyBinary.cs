using CacheOperator.Provisioning.Debian;

namespace CacheOperator.Provisioning.Twemproxy;

/// <summary>twemproxy, Debian's package <c>nutcracker</c>, unpacked but not installed.</summary>
public static class TwemproxyBinary
{
    private const string Suite = "bookworm";

    /// <summary>Returns the path of the program.</summary>
    public static async Task<string> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync(["libyaml-0-2"], progress, cancellationToken);
        var folder = await new DebianArchive(Suite).GetAsync("nutcracker", progress, cancellationToken);
        return Path.Combine(folder, "usr", "sbin", "nutcracker");
    }
}
