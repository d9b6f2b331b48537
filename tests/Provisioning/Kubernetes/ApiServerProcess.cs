using System.Net;
using System.Security.Cryptography;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Provisioning.Kubernetes;

/// <summary>A real kube-apiserver over a real etcd, and nothing else: no controller touches what is written. Disposing removes both with all they hold.</summary>
public sealed class ApiServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cacheoperator-apiserver-");
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private BackgroundProcess? _etcd;
    private BackgroundProcess? _server;

    private ApiServerProcess(int minorVersion, Uri url) => (MinorVersion, Url) = (minorVersion, url);

    /// <summary>Minor version: 20 is Kubernetes 1.20.</summary>
    public int MinorVersion { get; }

    /// <summary>Where it listens. It has made its certificate itself, a moment ago.</summary>
    public Uri Url { get; }

    /// <summary>A line of JSON for each request that was answered: who, what, with which result.</summary>
    public string AuditLog => In("audit.log");

    /// <param name="users">Names of users who may do everything.</param>
    /// <param name="audited">Whether there is an <see cref="AuditLog"/>.</param>
    /// <param name="progress">Is told when something takes long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ApiServerProcess> StartAsync(
        IReadOnlyList<string> users, bool audited, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var binaries = await KubernetesBinaries.EnsureAsync(progress, cancellationToken);
        var ports = FreePorts.Take(3);
        var server = new ApiServerProcess(binaries.MinorVersion, new Uri($"https://127.0.0.1:{ports[2]}"));
        try
        {
            await server.StartAsync(binaries, ports, users, audited, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Bearer token of a user.</summary>
    public string TokenOf(string user) => _tokens[user];

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_etcd is not null)
            await _etcd.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(KubernetesBinaries binaries, int[] ports, IReadOnlyList<string> users, bool audited, CancellationToken cancellationToken)
    {
        var (etcd, peer) = ($"http://127.0.0.1:{ports[0]}", $"http://127.0.0.1:{ports[1]}");
        _etcd = BackgroundProcess.Start(
            new Command(
                binaries.Etcd, $"--data-dir={In("etcd")}", "--unsafe-no-fsync", $"--listen-client-urls={etcd}", $"--advertise-client-urls={etcd}",
                $"--listen-peer-urls={peer}", $"--initial-advertise-peer-urls={peer}", $"--initial-cluster=default={peer}"),
            In("etcd.log"));

        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(In("service-accounts.key"), rsa.ExportRSAPrivateKeyPem(), cancellationToken);
        foreach (var user in users)
            _tokens[user] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await File.WriteAllLinesAsync(In("tokens.csv"), _tokens.Select(t => $"{t.Value},{t.Key},{t.Key},system:masters"), cancellationToken);
        string[] audit = [];
        if (audited)
        {
            await File.WriteAllTextAsync(
                In("audit.yaml"),
                "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived, ResponseStarted]\nrules: [{ level: Metadata }]\n",
                cancellationToken);
            audit = [$"--audit-policy-file={In("audit.yaml")}", $"--audit-log-path={AuditLog}"];
        }

        _server = BackgroundProcess.Start(
            new Command(
                binaries.ApiServer,
                [
                    $"--etcd-servers={etcd}", "--bind-address=127.0.0.1", $"--secure-port={Url.Port}", $"--cert-dir={In("certificates")}",
                    $"--token-auth-file={In("tokens.csv")}", "--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/16",
                    "--disable-admission-plugins=ServiceAccount", "--service-account-issuer=https://kubernetes.default.svc",
                    $"--service-account-key-file={In("service-accounts.key")}", $"--service-account-signing-key-file={In("service-accounts.key")}",
                    .. audit,
                ]),
            In("kube-apiserver.log"));
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });
        http.DefaultRequestHeaders.Authorization = new("Bearer", TokenOf(users[0]));
        await _server.WaitUntilAsync(() => HasDefaultNamespaceAsync(http, cancellationToken), "kube-apiserver", StartTimeout, cancellationToken);
    }

    private async Task<bool> HasDefaultNamespaceAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(Url, "api/v1/namespaces/default"), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
