using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Debian;

/// <summary>
/// Packages of one Debian suite, fetched and unpacked without touching the machine: apt runs with lists and sources of its own, nothing is
/// installed and no service starts, and so every machine gets the same versions.
/// </summary>
internal sealed class DebianArchive(string suite)
{
    private readonly string _folder = Path.Combine(ToolCache.Root, $"apt-{suite}");

    /// <summary>Fetches and unpacks the source package into <paramref name="folder"/>/<paramref name="package"/> and returns that path.</summary>
    public async Task<string> UnpackSourceAsync(string package, string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync(["dpkg-dev", "xz-utils"], progress, cancellationToken);
        await FetchAsync(["source", "--download-only", package], folder, progress, cancellationToken);
        var control = Directory.GetFiles(folder, $"{package}_*.dsc").Single();
        await new Command("dpkg-source", "--no-check", "--extract", control, package) { WorkingDirectory = folder }.RunAsync(cancellationToken);
        return Path.Combine(folder, package);
    }

    /// <summary>Fetches the archive of a source package as its authors have published it, without Debian's changes, into <paramref name="folder"/>.</summary>
    public Task FetchUpstreamAsync(string package, string folder, IProgress<string>? progress, CancellationToken cancellationToken) =>
        FetchAsync(["source", "--download-only", "--tar-only", package], folder, progress, cancellationToken);

    /// <summary>Returns a cached folder that holds the files of a binary package below it, as if it were the root.</summary>
    public Task<string> GetAsync(string package, IProgress<string>? progress, CancellationToken cancellationToken) =>
        ToolCache.GetOrBuildAsync(package, suite, folder => UnpackAsync([package], folder, progress, cancellationToken), progress, cancellationToken);

    /// <summary>Fetches binary packages and unpacks their files below <paramref name="folder"/>, as if it were the root.</summary>
    public async Task UnpackAsync(IReadOnlyList<string> packages, string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Report($"fetching {string.Join(", ", packages)} of Debian {suite}");
        await FetchAsync(["download", .. packages], folder, progress, cancellationToken);
        foreach (var archive in Directory.GetFiles(folder, "*.deb"))
        {
            await new Command("dpkg-deb", "--extract", archive, folder).RunAsync(cancellationToken);
            File.Delete(archive);
        }
    }

    private async Task FetchAsync(string[] arguments, string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        using var held = await FileLock.TakeAsync($"{_folder}.lock", $"reading Debian's list of {suite}", progress, cancellationToken);
        if (!Directory.Exists(Path.Combine(_folder, "lists"))
            || !(await Apt(arguments, folder).TryRunAsync(cancellationToken)).Succeeded)
        {
            // Lists go stale: the archive drops a version as soon as its successor is there.
            await UpdateAsync(cancellationToken);
            await Apt(arguments, folder).RunAsync(cancellationToken);
        }
    }

    private async Task UpdateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(_folder, "cache", "archives", "partial"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "debian.sources"), await DeriveSourcesAsync(cancellationToken), cancellationToken);
        try
        {
            // Otherwise apt takes an archive that does not answer for one without news.
            await Apt(["update", "-o", "APT::Update::Error-Mode=any"], _folder).RunAsync(cancellationToken);
        }
        catch (ProvisioningException e)
        {
            Directory.Delete(Path.Combine(_folder, "lists"), recursive: true);
            throw new PackagesUnreachableException($"cannot read the packages of Debian {suite} through this machine's apt sources: {e.Message}", e);
        }
    }

    private async Task<string> DeriveSourcesAsync(CancellationToken cancellationToken)
    {
        const string Etc = "/etc/apt";
        List<string> files = [Path.Combine(Etc, "sources.list")];
        if (Directory.Exists(Path.Combine(Etc, "sources.list.d")))
        {
            files.AddRange(Directory.GetFiles(Path.Combine(Etc, "sources.list.d")).Order(StringComparer.Ordinal));
        }

        var texts = new List<string>();
        foreach (var file in files.Where(file => File.Exists(file) && Path.GetExtension(file) is ".list" or ".sources"))
        {
            texts.Add(await File.ReadAllTextAsync(file, cancellationToken));
        }

        return AptSources.Derive(texts, suite)
            ?? throw new ProvisioningException(
                $"no Debian archive among the apt sources in {Etc}: packages of Debian {suite} cannot be fetched on this machine");
    }

    private Command Apt(string[] arguments, string folder) => new(
        "apt-get",
        [
            "-qq",
            "-o", $"Dir::Etc::sourcelist={Path.Combine(_folder, "debian.sources")}",
            "-o", "Dir::Etc::sourceparts=/dev/null",
            "-o", $"Dir::State::lists={Path.Combine(_folder, "lists")}",
            "-o", $"Dir::Cache={Path.Combine(_folder, "cache")}",
            "-o", $"APT::Sandbox::User={Environment.UserName}",
            .. arguments,
        ])
    {
        WorkingDirectory = folder,
    };
}
