using CacheOperator.LocalCluster;
using CacheOperator.Testbed.Clusters;
using CacheOperator.Testbed.Kubernetes;
using k8s;
using k8s.Models;

namespace CacheOperator.Demo;

/// <summary>How to go on: the cluster stays up.</summary>
internal static class Farewell
{
    private const string Get = @"'get demo:00000001\r\nquit\r\n'";

    public static async Task SayAsync(Screen screen, Stage stage, CacheView cache, V1Pod lost, CancellationToken cancellationToken)
    {
        var service = await stage.Api.CoreV1.ReadNamespacedServiceAsync(cache.Name, cache.Namespace, cancellationToken: cancellationToken);
        screen.Stage("The cluster stays up");
        if (stage.Cluster is LocalTestCluster local)
        {
            // A name other than the default has to be said again.
            var name = local.Name == ClusterShape.DefaultName ? string.Empty : $" --name {local.Name}";
            Say(screen, "Talk to the cache, with any memcached client:", $"(exec 3<>/dev/tcp/{service.Spec.ClusterIP}/{service.Spec.Ports[0].Port}; printf {Get} >&3; cat <&3)");
            SayHowToLook(screen, stage, cache);
            Say(screen, $"Switch {lost.Spec.NodeName} on again:", $"dotnet run --project tests/LocalCluster -- node start {lost.Spec.NodeName}{name}");
            Say(screen, "Once more, on this cluster:", name.Length == 0 ? "make demo" : $"make demo ARGS=\"{name.Trim()}\"");
            Say(screen, "Remove everything:", name.Length == 0 ? "make cluster-down" : $"dotnet run --project tests/LocalCluster -- down{name}");
        }
        else
        {
            Say(screen, "Talk to the cache, with any memcached client:", $"kubectl port-forward service/{cache.Name} 11211 & printf {Get} | nc 127.0.0.1 11211");
            SayHowToLook(screen, stage, cache);
            Say(screen, "Remove everything:", $"kubectl delete rcache {cache.Name}", "helm uninstall cache-operator --namespace cache-operator");
        }
    }

    private static void SayHowToLook(Screen screen, Stage stage, CacheView cache) => Say(
        screen,
        "Look into it:",
        $"export KUBECONFIG={stage.Cluster.Kubeconfig}",
        $"kubectl get rcache; kubectl describe rcache {cache.Name}; kubectl get pods -o wide");

    private static void Say(Screen screen, string what, params string[] commands)
    {
        screen.Line(what);
        foreach (var command in commands) screen.Line($"  {command}", "bold");
    }
}
