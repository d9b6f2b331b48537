using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Testbed.Load;
using k8s.Models;

namespace CacheOperator.Demo;

/// <summary>How to go on: the cluster stays up.</summary>
internal static class Farewell
{
    public static void Say(Screen screen, Stage stage, CacheView cache, LoadClient client, V1Pod lost)
    {
        var endpoint = client.Endpoints[0].Split(':');
        screen.Stage("The cluster stays up");
        screen.Line("Talk to the cache (any memcached client will do):");
        screen.Line($"  exec 3<>/dev/tcp/{endpoint[0]}/{endpoint[1]}; printf 'get demo:00000001\\r\\nquit\\r\\n' >&3; cat <&3", "bold");
        screen.Line("Look into it:");
        screen.Line($"  export KUBECONFIG={stage.Cluster.Kubeconfig}", "bold");
        screen.Line($"  kubectl get rcache; kubectl describe rcache {cache.Name}; kubectl get pods,events -o wide", "bold");
        if (stage.IsLocal)
        {
            screen.Line("Bring the lost node back, or take another one away:");
            screen.Line($"  dotnet run --project tests/LocalCluster -- node start {lost.Spec.NodeName}", "bold");
            screen.Line("Once more (starts at once, on this cluster):  make demo");
            screen.Line("Remove everything:                            make cluster-down");
        }
        else
        {
            screen.Line($"Remove the cache:     kubectl delete rcache {cache.Name}");
            screen.Line("Remove the operator:  helm uninstall cache-operator --namespace cache-operator");
        }
    }
}
