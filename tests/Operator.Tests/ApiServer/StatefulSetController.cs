using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Operator.Tests.ApiServer;

/// <summary>The real controller of StatefulSets, and none of the other controllers: it makes, holds and replaces pods as in a cluster.</summary>
internal sealed class StatefulSetController : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cacheoperator-controller-");
    private BackgroundProcess? _process;

    public static async Task<StatefulSetController> StartAsync(KubeApiServer server)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var binaries = await KubernetesBinaries.EnsureAsync(null, cancellation);
        binaries.RequireAll();
        var controller = new StatefulSetController();
        var kubeconfig = Path.Combine(controller._folder.FullName, "kubeconfig");
        await File.WriteAllTextAsync(
            kubeconfig,
            $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{ name: c, context: { cluster: c, user: c } }]
            clusters: [{ name: c, cluster: { server: "{{server.Kubernetes.BaseUri}}", insecure-skip-tls-verify: true } }]
            users: [{ name: c, user: { token: "{{server.Token}}" } }]
            """,
            cancellation);
        var program = Path.Combine(Path.GetDirectoryName(binaries.ApiServer)!, "kube-controller-manager");
        var command = new Command(
            program, $"--kubeconfig={kubeconfig}", "--controllers=statefulset", "--leader-elect=false", $"--secure-port={FreePorts.Take(1)[0]}",
            "--bind-address=127.0.0.1", $"--cert-dir={controller._folder.FullName}");
        controller._process = BackgroundProcess.Start(command, Path.Combine(controller._folder.FullName, "log"));
        return controller;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
