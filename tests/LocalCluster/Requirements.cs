using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster;

/// <summary>What this machine must offer; each lack is one line that says what to do.</summary>
internal static class Requirements
{
    /// <summary>The extensions that kube-proxy's rules are made of.</summary>
    private const string PacketFilterProbe =
        """
        iptables -t nat -A POSTROUTING -m comment --comment probe -m mark --mark 0x4000/0x4000 -j MASQUERADE &&
        iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -m statistic --mode random --probability 0.5 -j RETURN &&
        iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 192.0.2.1:80 &&
        iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP
        """;

    public static async Task EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        RequireRoot();
        await DebianPackages.EnsureAsync(["conntrack", "hostname", "iproute2", "iptables", "mount", "util-linux"], progress, cancellationToken);
        await RequireAsync("namespaces (CAP_SYS_ADMIN)", cancellationToken, "unshare", "--net", "--mount", "--pid", "--uts", "--fork", "true");
        await RequireAsync("the packet filter extensions of kube-proxy", cancellationToken, "unshare", "--net", "sh", "-c", PacketFilterProbe);
        await RequireAsync("the overlay file system", cancellationToken, "sh", "-c", "grep -qw overlay /proc/filesystems || modprobe overlay");
    }

    public static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new ProvisioningException("a local cluster needs root: it makes network namespaces, mounts and control groups");
        }
    }

    private static async Task RequireAsync(string what, CancellationToken cancellationToken, params string[] probe)
    {
        var result = await new Command(probe[0], probe[1..]).TryRunAsync(cancellationToken);
        if (!result.Succeeded)
        {
            throw new ProvisioningException($"this machine does not give a local cluster {what}: {result.Error.Trim().Split('\n')[0]}");
        }
    }
}
