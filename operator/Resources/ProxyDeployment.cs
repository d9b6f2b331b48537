using System.Globalization;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>The proxies of all zones.</summary>
internal static class ProxyDeployment
{
    public const string ContainerName = "proxy";

    private const long User = 65532;

    /// <summary>The proxy stops being ready at SIGTERM, serves on while Services forget it, and then finishes what is in flight.</summary>
    private const int GraceSeconds = 30;

    /// <summary>0440.</summary>
    private const int GroupReadable = (4 << 6) + (4 << 3);

    private const string TopologyDirectory = "/etc/cacheproxy/topology";
    private const string AdminDirectory = "/etc/cacheproxy/admin";

    /// <summary>One a zone, and never a single one.</summary>
    public static int UsualReplicas(RenderContext context) => Math.Max(2, context.Layout.Zones.Count);

    /// <summary>The number that is wanted now, whoever decides it.</summary>
    public static int Replicas(RenderContext context) =>
        IsLeftToAutoscaler(context) ? context.LiveProxies!.Value : FixedReplicas(context);

    /// <summary>An autoscaler leaves a Deployment alone that has no replicas at all, so there has to be a first number.</summary>
    private static bool IsLeftToAutoscaler(RenderContext context) => context is { AutoscalesProxies: true, LiveProxies: > 0 };

    private static int FixedReplicas(RenderContext context)
    {
        var usual = UsualReplicas(context);
        var replicas = context.Settings.ProxyReplicas ?? usual;
        return context.Settings.ProxyAutoscaling is { } bounds ? Math.Clamp(replicas, bounds.Least(usual), bounds.MaxReplicas) : replicas;
    }

    public static V1Deployment Build(RenderContext context)
    {
        var settings = context.Settings;
        var labels = CacheLabels.Of(context.Name, CacheLabels.Proxy);
        var spec = PodParts.Spec(
            settings.PodTemplate,
            User,
            PodPlacement.Affinity(
                settings.PodTemplate.Affinity,
                PodPlacement.InZones(context, context.Layout.Zones),

                // One node's loss should not take a member and the proxy that would notice.
                PodPlacement.AwayFrom(context.Name, CacheLabels.Memcached, 50),
                PodPlacement.AwayFrom(context.Name, CacheLabels.Proxy, 100)),
            Container(context),
            GraceSeconds);
        spec.TopologySpreadConstraints = [Spread(context)];
        spec.Volumes =
        [
            new V1Volume { Name = "topology", ConfigMap = new V1ConfigMapVolumeSource { Name = CacheNames.Topology(context.Name) } },
            new V1Volume
            {
                Name = "admin",
                Secret = new V1SecretVolumeSource { SecretName = CacheNames.AdminToken(context.Name), DefaultMode = GroupReadable },
            },
        ];
        return new V1Deployment
        {
            Metadata = context.Metadata(CacheNames.Proxy(context.Name), CacheLabels.Proxy),
            Spec = new V1DeploymentSpec
            {
                Replicas = IsLeftToAutoscaler(context) ? null : FixedReplicas(context),
                RevisionHistoryLimit = 3,
                Selector = new V1LabelSelector { MatchLabels = CacheLabels.Selector(context.Name, CacheLabels.Proxy) },
                Strategy = new V1DeploymentStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = 1, MaxUnavailable = 0 },
                },
                Template = new V1PodTemplateSpec
                {
                    Metadata = PodParts.Metadata(settings.PodTemplate, labels, ScrapeAnnotations(context)),
                    Spec = spec,
                },
            },
        };
    }

    private static V1Container Container(RenderContext context) => new()
    {
        Name = ContainerName,
        Image = context.Settings.ProxyImage,
        ImagePullPolicy = "IfNotPresent",
        Args =
        [
            "--admin-listen", $"0.0.0.0:{AdminApi.AdminPort}",
            "--metrics-listen", $"0.0.0.0:{AdminApi.MetricsPort}",
            "--topology-file", $"{TopologyDirectory}/{TopologyConfigMap.Key}",
            "--admin-token-file", $"{AdminDirectory}/{AdminTokenSecret.Key}",
            "--max-item-size", context.Settings.MaxItemBytes.ToString(CultureInfo.InvariantCulture),
        ],
        Env =
        [
            FromField("CACHEPROXY_NAME", "metadata.name"),
            FromField("CACHEPROXY_NODE", "spec.nodeName"),

            // The runtime's diagnostics want a socket in /tmp, and the root file system is read-only.
            new V1EnvVar { Name = "DOTNET_EnableDiagnostics", Value = "0" },
        ],
        Ports =
        [
            new V1ContainerPort { Name = "memcached", ContainerPort = AdminApi.ClientPort, Protocol = "TCP" },
            new V1ContainerPort { Name = "admin", ContainerPort = AdminApi.AdminPort, Protocol = "TCP" },
            new V1ContainerPort { Name = "metrics", ContainerPort = AdminApi.MetricsPort, Protocol = "TCP" },
        ],
        ReadinessProbe = Probe(AdminApi.ReadinessPath, periodSeconds: 2, failureThreshold: 2),
        LivenessProbe = Probe(AdminApi.LivenessPath, periodSeconds: 10, failureThreshold: 3),
        Resources = context.Settings.ProxyResources,
        SecurityContext = PodParts.ContainerSecurity(),

        // Directories, not subPaths: only those follow changes of the ConfigMap.
        VolumeMounts =
        [
            new V1VolumeMount { Name = "topology", MountPath = TopologyDirectory, ReadOnlyProperty = true },
            new V1VolumeMount { Name = "admin", MountPath = AdminDirectory, ReadOnlyProperty = true },
        ],
    };

    private static V1TopologySpreadConstraint Spread(RenderContext context) => new()
    {
        MaxSkew = 1,
        TopologyKey = CacheLabels.NodeZone,

        // With a zone down a proxy elsewhere is better than none.
        WhenUnsatisfiable = "ScheduleAnyway",
        LabelSelector = new V1LabelSelector { MatchLabels = CacheLabels.Selector(context.Name, CacheLabels.Proxy) },
        MatchLabelKeys = context.Capabilities.SpreadMatchLabelKeys ? ["pod-template-hash"] : null,
        NodeTaintsPolicy = context.Capabilities.SpreadNodePolicies ? "Honor" : null,
    };

    private static Dictionary<string, string>? ScrapeAnnotations(RenderContext context) => context.Settings.ScrapeAnnotations
        ? new Dictionary<string, string>
        {
            ["prometheus.io/scrape"] = "true",
            ["prometheus.io/port"] = $"{AdminApi.MetricsPort}",
            ["prometheus.io/path"] = AdminApi.MetricsPath,
        }
        : null;

    private static V1EnvVar FromField(string name, string path) => new()
    {
        Name = name,
        ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = path } },
    };

    private static V1Probe Probe(string path, int periodSeconds, int failureThreshold) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = "metrics" },
        PeriodSeconds = periodSeconds,
        FailureThreshold = failureThreshold,
        TimeoutSeconds = 2,
    };
}
