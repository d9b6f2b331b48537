using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>The headless Service that StatefulSets need; proxies take addresses from the topology, not from it.</summary>
internal static class MembersService
{
    public static V1Service Build(RenderContext context) => new()
    {
        Metadata = context.Metadata(CacheNames.MembersService(context.Name), CacheLabels.Memcached),
        Spec = new V1ServiceSpec
        {
            ClusterIP = "None",
            Ports = [new V1ServicePort { Name = "memcached", Port = AdminApi.ClientPort, TargetPort = "memcached", Protocol = "TCP" }],

            // A member that is being warmed up is not ready, and has to be seen all the same.
            PublishNotReadyAddresses = true,
            Selector = CacheLabels.Selector(context.Name, CacheLabels.Memcached),
        },
    };
}
