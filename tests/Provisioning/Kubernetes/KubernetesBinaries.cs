using System.Globalization;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Kubernetes;

/// <summary>The programs that make a Kubernetes, all of one version, and the etcd below it.</summary>
/// <param name="ApiServer">Path of kube-apiserver; the other programs are in the same folder.</param>
/// <param name="Etcd">Path of etcd.</param>
public sealed record KubernetesBinaries(string ApiServer, string Etcd)
{
    /// <summary>Name of the environment variable that names a folder of binaries of another version, as envtest has it.</summary>
    public const string FolderVariable = "KUBEBUILDER_ASSETS";

    private static readonly string[] Names = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

    /// <summary>Minor version: 20 is Kubernetes 1.20.</summary>
    public int MinorVersion { get; private init; }

    /// <summary>Folders that hold the programs, under their usual names.</summary>
    public IReadOnlyList<string> Folders => [Path.GetDirectoryName(ApiServer)!, Path.GetDirectoryName(Etcd)!];

    /// <summary>Returns the programs in the folder named by <see cref="FolderVariable"/>, or else builds Debian's.</summary>
    /// <exception cref="ProvisioningException">That folder holds no kube-apiserver.</exception>
    public static async Task<KubernetesBinaries> EnsureAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        var folder = string.IsNullOrEmpty(named) ? await KubernetesBuild.EnsureAsync(progress, cancellationToken) : Path.GetFullPath(named);
        var etcd = Path.Combine(folder, "etcd");
        if (!File.Exists(etcd))
        {
            etcd = Path.Combine(await new DebianArchive("bookworm").GetAsync("etcd-server", progress, cancellationToken), "usr", "bin", "etcd");
        }

        var apiServer = Path.Combine(folder, "kube-apiserver");
        return new KubernetesBinaries(apiServer, etcd) { MinorVersion = await MinorVersionAsync(apiServer, cancellationToken) };
    }

    /// <summary>Mixing versions gives a cluster that half works, so nothing that lacks here is taken from elsewhere.</summary>
    /// <exception cref="ProvisioningException">The folder holds some of the programs and lacks others, as envtest's does.</exception>
    public void RequireAll()
    {
        var folder = Path.GetDirectoryName(ApiServer)!;
        var missing = Names.Where(name => !File.Exists(Path.Combine(folder, name))).ToArray();
        if (missing.Length > 0)
        {
            throw new ProvisioningException(
                $"{FolderVariable}={folder} lacks {string.Join(", ", missing)}: a cluster needs them all of one version; "
                + $"add them or unset {FolderVariable}");
        }
    }

    /// <summary>The output is <c>Kubernetes v1.20.2</c>.</summary>
    private static async Task<int> MinorVersionAsync(string apiServer, CancellationToken cancellationToken)
    {
        var output = (await new Command(apiServer, "--version").RunAsync(cancellationToken)).Trim();
        return output.Split('.') is [_, var minor, ..] && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ProvisioningException($"`{apiServer} --version` says \"{output}\", which is no Kubernetes version");
    }
}
