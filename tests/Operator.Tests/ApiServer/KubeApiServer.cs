using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Provisioning.Processes;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.ApiServer;

/// <summary>
/// A real kube-apiserver over a real etcd, and nothing else: no controller touches what tests write. Ask for it by
/// <c>[Collection(KubeApiServer.Collection)]</c> and a constructor parameter, and take a namespace of your own.
/// </summary>
public sealed class KubeApiServer : IAsyncLifetime
{
    public const string Collection = "kube-apiserver";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cacheoperator-apiserver-");
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private BackgroundProcess? _etcd;
    private BackgroundProcess? _server;
    private Kubernetes? _kubernetes;

    /// <summary>Minor version: 20 is Kubernetes 1.20.</summary>
    public int MinorVersion { get; private set; }

    internal Kubernetes Kubernetes => _kubernetes ?? throw new InvalidOperationException("The API server has not been started.");

    internal ApiClient Client => new(new ApiTransport(Kubernetes, TimeProvider.System));

    public async ValueTask InitializeAsync()
    {
        var cancellation = CancellationToken.None;
        var binaries = await KubernetesBinaries.EnsureAsync(new TextProgress(Console.Error), cancellation);
        MinorVersion = binaries.MinorVersion;
        var ports = FreePorts(3);
        var etcd = $"http://127.0.0.1:{ports[0]}";
        var peer = $"http://127.0.0.1:{ports[1]}";
        _etcd = BackgroundProcess.Start(
            new Command(
                binaries.Etcd, $"--data-dir={In("etcd")}", "--unsafe-no-fsync", $"--listen-client-urls={etcd}", $"--advertise-client-urls={etcd}",
                $"--listen-peer-urls={peer}", $"--initial-advertise-peer-urls={peer}", $"--initial-cluster=default={peer}"),
            In("etcd.log"));

        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(In("service-accounts.key"), rsa.ExportRSAPrivateKeyPem(), cancellation);
        await File.WriteAllTextAsync(In("tokens.csv"), $"{_token},admin,admin,system:masters\n", cancellation);
        _server = BackgroundProcess.Start(
            new Command(
                binaries.ApiServer, $"--etcd-servers={etcd}", "--bind-address=127.0.0.1", $"--secure-port={ports[2]}", $"--cert-dir={In("certificates")}",
                $"--token-auth-file={In("tokens.csv")}", "--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24",
                "--disable-admission-plugins=ServiceAccount", "--service-account-issuer=https://kubernetes.default.svc",
                $"--service-account-key-file={In("service-accounts.key")}", $"--service-account-signing-key-file={In("service-accounts.key")}"),
            In("kube-apiserver.log"));
        _kubernetes = Connect(ports[2], _token);
        await _server.WaitUntilAsync(IsReadyAsync, "kube-apiserver", StartTimeout, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _kubernetes?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_etcd is not null)
            await _etcd.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Makes a namespace that no other test uses.</summary>
    internal async Task<string> NewNamespaceAsync()
    {
        var name = $"test-{Guid.NewGuid():N}";
        await Client.CreateAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, TestContext.Current.CancellationToken);
        return name;
    }

    private static Kubernetes Connect(int port, string token) => new(new KubernetesClientConfiguration
    {
        Host = $"https://127.0.0.1:{port}",
        AccessToken = token,

        // The server has made its certificate itself, a moment ago.
        SkipTlsVerify = true,
    });

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await Client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), CancellationToken.None) is not null;
        }
        catch (Exception e) when (e is HttpRequestException or ApiException or TimeoutException)
        {
            return false;
        }
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private static int[] FreePorts(int count)
    {
        // All are held until all are known: a port let go would be given out again.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}
