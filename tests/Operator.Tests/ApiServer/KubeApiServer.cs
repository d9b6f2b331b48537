using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Kubernetes;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.ApiServer;

/// <summary>
/// An API server for tests. Ask for it by <c>[Collection(KubeApiServer.Collection)]</c> and a constructor parameter, and take a namespace of your own.
/// </summary>
public sealed class KubeApiServer : IAsyncLifetime
{
    public const string Collection = "kube-apiserver";

    private const string User = "admin";
    private ApiServerProcess? _server;
    private Kubernetes? _kubernetes;

    /// <summary>Minor version: 20 is Kubernetes 1.20.</summary>
    public int MinorVersion => _server?.MinorVersion ?? 0;

    internal string Token => _server!.TokenOf(User);

    internal Kubernetes Kubernetes => _kubernetes ?? throw new InvalidOperationException("The API server has not been started.");

    internal ApiClient Client => new(new ApiTransport(Kubernetes, TimeProvider.System));

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServerProcess.StartAsync([User], audited: false, new TextProgress(Console.Error), CancellationToken.None);
        _kubernetes = new Kubernetes(new KubernetesClientConfiguration
        {
            Host = _server.Url.ToString(),
            AccessToken = Token,
            SkipTlsVerify = true,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _kubernetes?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Makes a namespace that no other test uses.</summary>
    internal async Task<string> NewNamespaceAsync()
    {
        var name = $"test-{Guid.NewGuid():N}";
        await Client.CreateAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, TestContext.Current.CancellationToken);
        return name;
    }
}
