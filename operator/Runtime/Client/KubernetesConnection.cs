using k8s;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>Opens the one long-lived connection to the API server.</summary>
internal static class KubernetesConnection
{
    /// <summary>Inside a pod its service account; elsewhere <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.</summary>
    /// <param name="kubeconfig">A kubeconfig file that goes before all of these.</param>
    public static Kubernetes Open(string? kubeconfig = null)
    {
        var configuration = kubeconfig is null
            ? KubernetesClientConfiguration.BuildDefaultConfig()
            : KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        configuration.UserAgent = "cache-operator";

        // A dead peer must show within the time in which a lost leader has to notice: the client's own 3 minutes are too long.
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(5);
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        };
        return new Kubernetes(configuration);
    }
}
