using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Apply;

/// <summary>Objects like those of a cache, named as what they are, in one namespace.</summary>
internal sealed class SampleObjects(string space)
{
    public V1ConfigMap Map(params (string Key, string Value)[] data) =>
        new() { Metadata = Named("map"), Data = data.ToDictionary(entry => entry.Key, entry => entry.Value) };

    public V1Secret Secret() =>
        new() { Metadata = Named("secret"), Data = new Dictionary<string, byte[]> { ["token"] = "secret"u8.ToArray() } };

    public V1Pod Pod() =>
        new() { Metadata = Named("pod"), Spec = new V1PodSpec { Containers = [new V1Container { Name = "memcached", Image = "memcached:1.6" }] } };

    public V1Service Service() => new()
    {
        Metadata = Named("service"),
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cache" },

            // The protocol is part of the key of a service's port, and Kubernetes 1.20 refuses an apply without it.
            Ports =
            [
                new V1ServicePort { Name = "memcached", Port = 11211, TargetPort = "memcached", Protocol = "TCP" },
                new V1ServicePort { Name = "admin", Port = 8080, Protocol = "TCP" },
            ],
            PublishNotReadyAddresses = false,
        },
    };

    /// <summary>Every notation that the server is known to rewrite: quantities, empty and false values, defaults inside lists.</summary>
    public V1StatefulSet StatefulSet() => new()
    {
        Metadata = Named("members"),
        Spec = new V1StatefulSetSpec
        {
            Replicas = 3,
            ServiceName = "service",
            PodManagementPolicy = "Parallel",
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cache" } },
            Template = Template(),
        },
    };

    public V1Deployment Deployment() => new()
    {
        Metadata = Named("proxy"),
        Spec = new V1DeploymentSpec
        {
            Replicas = 3,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cache" } },
            Strategy = new V1DeploymentStrategy { RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = 1, MaxUnavailable = "25%" } },
            Template = Template(),
        },
    };

    private V1ObjectMeta Named(string name) => new()
    {
        NamespaceProperty = space,
        Name = name,
        Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cache" },
    };

    private static V1PodTemplateSpec Template() => new()
    {
        Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cache" } },
        Spec = new V1PodSpec
        {
            AutomountServiceAccountToken = false,
            HostNetwork = false,
            TerminationGracePeriodSeconds = 0,
            ReadinessGates = [new V1PodReadinessGate { ConditionType = "cacheoperator.dev/warm" }],
            Tolerations = [new V1Toleration { Key = "node.kubernetes.io/unreachable", OperatorProperty = "Exists", Effect = "NoExecute", TolerationSeconds = 30 }],
            SecurityContext = new V1PodSecurityContext { RunAsNonRoot = true, RunAsUser = 11211, SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" } },
            TopologySpreadConstraints =
            [
                new V1TopologySpreadConstraint
                {
                    MaxSkew = 1,
                    TopologyKey = "topology.kubernetes.io/zone",
                    WhenUnsatisfiable = "ScheduleAnyway",
                    LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cache" } },
                },
            ],
            Affinity = new V1Affinity
            {
                NodeAffinity = new V1NodeAffinity
                {
                    RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
                    {
                        NodeSelectorTerms =
                        [
                            new V1NodeSelectorTerm
                            {
                                MatchExpressions =
                                    [new V1NodeSelectorRequirement { Key = "topology.kubernetes.io/zone", OperatorProperty = "In", Values = ["a"] }],
                            },
                        ],
                    },
                },
            },
            Volumes =
            [
                new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource { SizeLimit = new ResourceQuantity("1024Mi"), Medium = "" } },
                new V1Volume { Name = "topology", ConfigMap = new V1ConfigMapVolumeSource { Name = "map", Optional = false } },
            ],
            Containers =
            [
                new V1Container
                {
                    Name = "memcached",
                    Image = "memcached:1.6",
                    Args = ["-m", "64", ""],
                    Env =
                    [
                        new V1EnvVar { Name = "EMPTY", Value = "" },
                        new V1EnvVar { Name = "NODE", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "spec.nodeName" } } },
                    ],
                    Ports = [new V1ContainerPort { Name = "memcached", ContainerPort = 11211 }, new V1ContainerPort { Name = "admin", ContainerPort = 8080 }],
                    Resources = new V1ResourceRequirements
                    {
                        Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("512Mi"), ["cpu"] = new("0.5") },
                        Requests = new Dictionary<string, ResourceQuantity> { ["memory"] = new("0.25Gi"), ["cpu"] = new("0.250") },
                    },
                    ReadinessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = "memcached" }, InitialDelaySeconds = 0, PeriodSeconds = 2 },
                    SecurityContext = new V1SecurityContext
                    {
                        AllowPrivilegeEscalation = false,
                        ReadOnlyRootFilesystem = true,
                        Capabilities = new V1Capabilities { Drop = ["ALL"] },
                    },
                    VolumeMounts = [new V1VolumeMount { Name = "tmp", MountPath = "/tmp" }, new V1VolumeMount { Name = "topology", MountPath = "/etc/topology", ReadOnlyProperty = false }],
                },
            ],
        },
    };
}
