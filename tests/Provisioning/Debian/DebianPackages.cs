using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Debian;

/// <summary>Debian packages installed on this machine: build tools, headers and network tools.</summary>
public static class DebianPackages
{
    private const string ServicePolicy = "/usr/sbin/policy-rc.d";

    /// <summary>Installs those of <paramref name="packages"/> that are not installed; none of them gets to start a service.</summary>
    /// <exception cref="ProvisioningException">Some are lacking and cannot be installed: not Debian, not root, or apt failed.</exception>
    public static async Task EnsureAsync(IReadOnlyCollection<string> packages, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(packages, cancellationToken);
        if (missing.Length == 0)
        {
            return;
        }

        var names = string.Join(' ', missing);
        if (!Environment.IsPrivilegedProcess)
        {
            throw new ProvisioningException($"lacking Debian packages: run as root, or install them yourself: apt-get install {names}");
        }

        using var held = await FileLock.TakeAsync(Path.Combine(ToolCache.Root, "install.lock"), "installing packages", progress, cancellationToken);
        await LongStep.RunAsync($"installing Debian packages {names}", () => InstallAsync(missing, cancellationToken), progress);
    }

    private static async Task<string[]> MissingAsync(IReadOnlyCollection<string> packages, CancellationToken cancellationToken)
    {
        if (SearchPath.Find("dpkg-query") is null)
        {
            throw new ProvisioningException($"this is no Debian: {string.Join(", ", packages)} and more come from Debian's packages");
        }

        var query = new Command("dpkg-query", ["--show", "--showformat=${Package} ${db:Status-Status}\\n", .. packages]);
        var lines = (await query.TryRunAsync(cancellationToken)).Output.Split('\n');
        return [.. packages.Where(package => !lines.Contains($"{package} installed"))];
    }

    private static async Task InstallAsync(string[] packages, CancellationToken cancellationToken)
    {
        var forbidsServices = !File.Exists(ServicePolicy);
        if (forbidsServices)
        {
            const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            await File.WriteAllTextAsync(ServicePolicy, "#!/bin/sh\nexit 101\n", CancellationToken.None);
            File.SetUnixFileMode(ServicePolicy, Executable);
        }

        try
        {
            string[] install = ["install", "--yes", "--no-install-recommends", .. packages];
            if (!(await Apt(install).TryRunAsync(cancellationToken)).Succeeded)
            {
                await InstallFreshAsync(install, cancellationToken);
            }
        }
        finally
        {
            if (forbidsServices)
            {
                File.Delete(ServicePolicy);
            }
        }
    }

    private static async Task InstallFreshAsync(string[] install, CancellationToken cancellationToken)
    {
        // By default apt takes an archive that does not answer for one without news.
        var update = await Apt(["update", "-o", "APT::Update::Error-Mode=any"]).TryRunAsync(cancellationToken);
        try
        {
            await Apt(install).RunAsync(cancellationToken);
        }
        catch (ProvisioningException e) when (!update.Succeeded)
        {
            throw new PackagesUnreachableException($"this machine's apt sources do not all answer, and: {e.Message}", e);
        }
    }

    private static Command Apt(string[] arguments) =>
        new("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=600", .. arguments])
        {
            Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" },
        };
}
