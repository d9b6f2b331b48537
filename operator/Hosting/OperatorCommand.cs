using System.CommandLine;
using CacheOperator.Operator.Runtime.Hosting;
using CacheOperator.Operator.Settings;
using Microsoft.Extensions.Hosting;

namespace CacheOperator.Operator.Hosting;

/// <summary>The command line of <c>cache-operator</c>.</summary>
internal static class OperatorCommand
{
    /// <summary>Where a pod's own namespace is to be read.</summary>
    private const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    public static Task<int> RunAsync(string[] args)
    {
        var ownNamespace = new Option<string?>("--namespace")
        {
            Description = "Namespace of the operator itself, where its lease is kept.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("POD_NAMESPACE") ?? ReadNamespace(),
        };
        var watchNamespaces = new Option<string[]>("--watch-namespaces")
        {
            Description = "Namespaces to look after, separated by commas or repeated. Default: all.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var memcachedImage = new Option<string>("--memcached-image")
        {
            Description = "Image of memcached where a cache names none (1.6.27 or newer).",
            DefaultValueFactory = _ => OperatorSettings.DefaultMemcachedImage,
        };
        var proxyImage = new Option<string>("--proxy-image")
        {
            Description = "Image of the proxy where a cache names none.",
            DefaultValueFactory = _ => OperatorSettings.DefaultProxyImage,
        };
        var imageUpdates = new Option<ImageUpdates>("--image-updates")
        {
            Description = "When caches that name no images get those given here, if they began with others: OnRequest or WithOperator.",
            DefaultValueFactory = _ => ImageUpdates.OnRequest,
        };
        var leaderElection = new Option<bool>("--leader-election")
        {
            Description = "Take a lease before acting, so that several copies may run.",
            DefaultValueFactory = _ => true,
        };
        var identity = new Option<string?>("--identity")
        {
            Description = "This copy's name in the lease. Default: the pod's name.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("POD_NAME"),
        };
        var port = new Option<int>("--port")
        {
            Description = "Port of /livez, /readyz and /metrics.",
            DefaultValueFactory = _ => 8080,
        };
        var kubeconfig = new Option<string?>("--kubeconfig")
        {
            Description = "Kubeconfig file. Default: the pod's service account, else KUBECONFIG or ~/.kube/config.",
        };
        var command = new RootCommand("Runs replicated memcached fleets on Kubernetes.")
        {
            ownNamespace, watchNamespaces, memcachedImage, proxyImage, imageUpdates, leaderElection, identity, port, kubeconfig,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new OperatorSettings
            {
                MemcachedImage = parsed.GetRequiredValue(memcachedImage),
                ProxyImage = parsed.GetRequiredValue(proxyImage),
                ImageUpdates = parsed.GetValue(imageUpdates),
                Namespace = parsed.GetValue(ownNamespace),
            };
            void Configure(OperatorRuntimeOptions options)
            {
                options.Kubeconfig = parsed.GetValue(kubeconfig);
                options.Namespaces = SplitNamespaces(parsed.GetValue(watchNamespaces) ?? []);
                options.LeaderElection.Enabled = parsed.GetValue(leaderElection);
                options.LeaderElection.Namespace = settings.Namespace ?? options.LeaderElection.Namespace;
                options.LeaderElection.Identity = parsed.GetValue(identity) ?? options.LeaderElection.Identity;
            }

            try
            {
                await using var host = OperatorHost.Create(parsed.GetValue(port), builder => builder.Services.AddCacheOperator(settings, Configure));
                await ((IHost)host).RunAsync(cancellationToken);
                return 0;
            }
            catch (ArgumentException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 2;
            }
        });

        // The host ends by itself on SIGTERM, and takes the time that giving back the lease needs.
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    public static IReadOnlyList<string> SplitNamespaces(IEnumerable<string> values) =>
        [.. values.SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];

    private static string? ReadNamespace() => File.Exists(NamespaceFile) ? File.ReadAllText(NamespaceFile).Trim() : null;
}
