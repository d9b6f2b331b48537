using System.Security.Cryptography;
using System.Text;
using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Publishing;

namespace CacheOperator.LocalCluster.Images;

/// <summary>Builds the images of the operator, the proxy and memcached, without Docker, once for each state of their sources.</summary>
public static class ProjectImages
{
    private const int Kept = 4;

    /// <summary>Opened by .NET only when it first needs them, so nothing links to them.</summary>
    private static readonly string[] TlsLibraries = ["libssl.so.3", "libcrypto.so.3"];

    /// <summary>Returns the paths of the archives.</summary>
    public static async Task<IReadOnlyList<string>> BuildAsync(ImageNames names, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(names);
        await DebianPackages.EnsureAsync(["ca-certificates"], progress, cancellationToken);
        return
        [
            await MemcachedAsync(names.Memcached, progress, cancellationToken),
            await DotnetAsync("operator/CacheOperator.Operator.csproj", PublishMode.SelfContained, names.Operator, progress, cancellationToken),
            await DotnetAsync("proxy/CacheOperator.Proxy.csproj", PublishMode.NativeAot, names.Proxy, progress, cancellationToken),
        ];
    }

    private static async Task<string> MemcachedAsync(IReadOnlyList<string> names, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        const string Program = "/usr/local/bin/memcached";
        var memcached = await MemcachedBinary.EnsureAsync(progress, cancellationToken);
        return await WriteAsync("memcached", MemcachedBinary.Version, async () => new ImageDefinition
        {
            Names = names,
            Files =
            [
                .. RootFiles.Files(),
                ImageFile.Copy(Program, memcached),
                .. Copies(await SharedLibraries.OfAsync([memcached], cancellationToken)),
            ],
            Entrypoint = [Program],
            Environment = RootFiles.Environment,
            // As the official image has it.
            User = "11211:11211",
        }, names, progress, cancellationToken);
    }

    private static async Task<string> DotnetAsync(
        string project, PublishMode mode, string name, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        const string Folder = "/app";
        var program = await ProjectPublisher.PublishAsync(project, mode, progress, cancellationToken);
        var entry = Path.GetFileName(program.Executable);
        return await WriteAsync(entry, program.Hash, async () =>
        {
            var files = Directory.GetFiles(program.Folder, "*", SearchOption.AllDirectories);
            var native = files.Where(file => file == program.Executable || file.EndsWith(".so", StringComparison.Ordinal));
            return new ImageDefinition
            {
                Names = [name],
                Files =
                [
                    .. RootFiles.Files(),
                    .. files.Select(file => ImageFile.Copy($"{Folder}/{Path.GetRelativePath(program.Folder, file)}", file)),
                    .. Copies((await SharedLibraries.OfAsync(native, cancellationToken)).Except(files)),
                    .. Copies(await SharedLibraries.ByNameAsync(TlsLibraries, cancellationToken)),
                ],
                Entrypoint = [$"{Folder}/{entry}"],
                // Diagnostics want to write to /tmp, which is read-only.
                Environment = [.. RootFiles.Environment, "DOTNET_EnableDiagnostics=0", "DOTNET_RUNNING_IN_CONTAINER=true"],
            };
        }, [name], progress, cancellationToken);
    }

    private static IEnumerable<ImageFile> Copies(IEnumerable<string> paths) => paths.Select(path => ImageFile.Copy(path, path));

    private static async Task<string> WriteAsync(
        string title,
        string version,
        Func<Task<ImageDefinition>> define,
        IReadOnlyList<string> names,
        IProgress<string>? progress,
        CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', [version, .. names]))))[..16];
        var folder = await ToolCache.GetOrBuildAsync($"{title}-image", key, async target =>
        {
            progress?.Report($"writing image {string.Join(", ", names)}");
            await ImageArchive.WriteAsync(await define(), Path.Combine(target, $"{title}.tar"), cancellationToken);
        }, progress, cancellationToken);
        ToolCache.Prune($"{title}-image", Kept);
        return Path.Combine(folder, $"{title}.tar");
    }
}
