using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.LocalCluster.Images;

/// <summary>The image of the process that holds a pod's namespaces.</summary>
internal static class PauseImage
{
    public const string Name = "docker.io/local/pause:1";

    /// <summary>Returns the path of its archive.</summary>
    public static async Task<string> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var folder = await ToolCache.GetOrBuildAsync("pause-image", "1", async target =>
        {
            await DebianPackages.EnsureAsync(["gcc", "libc6-dev"], progress, cancellationToken);
            var (source, program) = (Path.Combine(target, "pause.c"), Path.Combine(target, "pause"));
            EmbeddedFile.Write("pause.c", source);
            await new Command("gcc", "-Os", "-static", "-s", "-o", program, source).RunAsync(cancellationToken);
            var image = new ImageDefinition { Names = [Name], Files = [ImageFile.Copy("/pause", program)], Entrypoint = ["/pause"] };
            await ImageArchive.WriteAsync(image, ArchiveIn(target), cancellationToken);
        }, progress, cancellationToken);
        return ArchiveIn(folder);
    }

    private static string ArchiveIn(string folder) => Path.Combine(folder, "pause.tar");
}
