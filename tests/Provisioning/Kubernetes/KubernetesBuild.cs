using CacheOperator.Provisioning.Caching;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Kubernetes;

/// <summary>
/// Kubernetes built once from Debian's source package: Debian's binary packages hold only kubectl, the source package is the whole tree with
/// its vendored dependencies.
/// </summary>
internal static class KubernetesBuild
{
    /// <summary>Upstream version of the source package in <see cref="Suite"/>.</summary>
    public const string Version = "1.20.2";

    /// <summary>Counts changes of how it is built, so that a folder that was built the old way is not used any more.</summary>
    private const string Revision = "2";

    private const string Suite = "bookworm";
    private const string Go = "1.19";

    /// <summary>
    /// The tree's own reflect2 walks maps by a runtime function whose signature changed in Go 1.18, and so overwrites foreign memory:
    /// kube-apiserver dies on the first CRD with a structural schema. Debian's version knows both signatures.
    /// </summary>
    private const string Reflect2 = "golang-github-modern-go-reflect2-dev";
    private static readonly string[] Programs = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

    /// <summary>Returns the folder of the programs; the first time on a machine this takes about five minutes on two cores.</summary>
    public static Task<string> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken) =>
        ToolCache.GetOrBuildAsync("kubernetes", $"{Version}-{Revision}", async folder =>
        {
            await DebianPackages.EnsureAsync(["make", "rsync"], progress, cancellationToken);
            var archive = new DebianArchive(Suite);
            await archive.UnpackAsync(
                [$"golang-{Go}-go", $"golang-{Go}-src", Reflect2], Directory.CreateDirectory(Work(folder)).FullName, progress, cancellationToken);
            await LongStep.RunAsync(
                $"building Kubernetes {Version} from Debian source (first time only, about 5 minutes)",
                () => BuildAsync(archive, folder, progress, cancellationToken),
                progress);
            Directory.Delete(Work(folder), recursive: true);
        }, progress, cancellationToken);

    private static string Work(string folder) => Path.Combine(folder, "work");

    private static async Task BuildAsync(DebianArchive archive, string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var goRoot = Path.Combine(Work(folder), "usr", "lib", $"go-{Go}");
        var goPath = Path.Combine(Work(folder), "gopath");
        var parent = Directory.CreateDirectory(Path.Combine(goPath, "src", "k8s.io")).FullName;
        var source = await archive.UnpackSourceAsync("kubernetes", parent, progress, cancellationToken);

        var reflect2 = Path.Combine("github.com", "modern-go", "reflect2");
        Directory.Delete(Path.Combine(source, "vendor", reflect2), recursive: true);
        Directory.Move(Path.Combine(Work(folder), "usr", "share", "gocode", "src", reflect2), Path.Combine(source, "vendor", reflect2));

        // Without it the programs would call themselves v0.0.0: there is no git history to ask.
        var versionFile = Path.Combine(Work(folder), "version");
        var numbers = Version.Split('.');
        await File.WriteAllLinesAsync(
            versionFile,
            ["KUBE_GIT_COMMIT=debian", "KUBE_GIT_TREE_STATE=archive", $"KUBE_GIT_VERSION=v{Version}", $"KUBE_GIT_MAJOR={numbers[0]}", $"KUBE_GIT_MINOR={numbers[1]}"],
            cancellationToken);

        // make, not `go build`: it generates the OpenAPI code first.
        await new Command("make", $"WHAT={string.Join(' ', Programs.Select(program => $"cmd/{program}"))}")
        {
            WorkingDirectory = source,
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = $"{goRoot}/bin:{Environment.GetEnvironmentVariable("PATH")}",
                ["GOROOT"] = goRoot,
                ["GOPATH"] = goPath,
                ["GOCACHE"] = Path.Combine(Work(folder), "gocache"),
                ["GO111MODULE"] = "off",
                ["GOFLAGS"] = string.Empty,
                ["CGO_ENABLED"] = "0",
                ["KUBE_GIT_VERSION_FILE"] = versionFile,
            },
        }.RunAsync(cancellationToken);
        var output = File.ResolveLinkTarget(Path.Combine(source, "_output", "bin"), returnFinalTarget: true)!.FullName;
        foreach (var program in Programs)
        {
            File.Move(Path.Combine(output, program), Path.Combine(folder, program));
        }
    }
}
