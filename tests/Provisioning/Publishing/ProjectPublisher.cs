using System.Runtime.InteropServices;
using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Publishing;

/// <summary>Publishes projects of this repository, once for each state of their sources.</summary>
public static class ProjectPublisher
{
    /// <summary>How many states of one program are kept; another worktree may use an older one.</summary>
    private const int Kept = 4;

    /// <param name="project">Path of the project file from the root of the repository, such as <c>proxy/CacheOperator.Proxy.csproj</c>.</param>
    /// <param name="mode">What it may need where it runs.</param>
    /// <param name="progress">Is told when something takes long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<PublishedProgram> PublishAsync(
        string project, PublishMode mode, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var repository = RepositoryRoot.Find();
        var sources = new ProjectSources(repository, project);
        var (program, hash) = (sources.AssemblyName(), sources.Hash());
        var name = $"{program}-{mode}";
        var folder = await ToolCache.GetOrBuildAsync(name, hash, async target =>
        {
            if (mode == PublishMode.NativeAot)
            {
                await DebianPackages.EnsureAsync(["gcc", "libc6-dev", "zlib1g-dev"], progress, cancellationToken);
            }

            await LongStep.RunAsync(
                $"publishing {program} ({mode})", () => DotnetPublish(repository, project, mode, target).RunAsync(cancellationToken), progress);
            Directory.Delete(Path.Combine(target, "build"), recursive: true);
        }, progress, cancellationToken);
        ToolCache.Prune(name, Kept);
        return new PublishedProgram(Path.Combine(folder, "app"), Path.Combine(folder, "app", program), hash);
    }

    private static Command DotnetPublish(string repository, string project, PublishMode mode, string folder) => new(
        "dotnet",
        [
            "publish", project, "--configuration", "Release", "--nologo", "--verbosity", "quiet",
            "--runtime", $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}",
            mode == PublishMode.FrameworkDependent ? "--no-self-contained" : "--self-contained",
            $"-p:PublishAot={mode == PublishMode.NativeAot}",
            "-p:DebugType=none", "-p:CopyOutputSymbolsToPublishDirectory=false", "-p:PublishDocumentationFiles=false",
            // Not in the tree: other builds go on there, and other runtime identifiers leave other assets.
            "--artifacts-path", Path.Combine(folder, "build"),
            "--output", Path.Combine(folder, "app"),
            // No build server outlives this.
            "-nodeReuse:false", "-p:UseSharedCompilation=false",
        ])
    {
        WorkingDirectory = repository,
    };
}
