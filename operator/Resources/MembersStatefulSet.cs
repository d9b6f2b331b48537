using System.Globalization;
using CacheOperator.Operator.Api;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>One zone's members. Nothing in the pod template depends on the server or the operator's version: that would roll the fleet.</summary>
internal static class MembersStatefulSet
{
    public const string ContainerName = "memcached";

    /// <summary>Pods of ordinals below it are not replaced when their template changes, which are all.</summary>
    public const int HoldingPartition = TopologyValidator.MaxShards;

    /// <summary>The user of the stock image.</summary>
    private const long User = 11211;

    /// <summary>memcached leaves at SIGTERM; nothing is to be written out.</summary>
    private const int GraceSeconds = 10;

    public static V1StatefulSet Build(RenderContext context, string zone)
    {
        var settings = context.Settings;
        var labels = CacheLabels.Of(context.Name, CacheLabels.Memcached, zone);
        var spec = PodParts.Spec(
            settings.PodTemplate,
            User,
            PodPlacement.Affinity(
                settings.PodTemplate.Affinity,
                PodPlacement.InZones(context, [zone]),
                PodPlacement.AwayFrom(context.Name, CacheLabels.Memcached, 100)),
            Container(context),
            GraceSeconds);
        spec.ReadinessGates = [new V1PodReadinessGate { ConditionType = ApiGroup.WarmCondition }];
        return new V1StatefulSet
        {
            Metadata = context.Metadata(CacheNames.StatefulSet(context.Name, zone), CacheLabels.Memcached, zone),
            Spec = new V1StatefulSetSpec
            {
                // One dead pod must not hold up the others, nor a bad image its own correction.
                PodManagementPolicy = "Parallel",
                Replicas = context.MembersPerZone,
                RevisionHistoryLimit = 3,
                Selector = new V1LabelSelector { MatchLabels = CacheLabels.Selector(context.Name, CacheLabels.Memcached, zone) },
                ServiceName = CacheNames.MembersService(context.Name),
                Template = new V1PodTemplateSpec { Metadata = PodParts.Metadata(settings.PodTemplate, labels), Spec = spec },
                UpdateStrategy = new V1StatefulSetUpdateStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = context.HeldZones.Contains(zone) ? new V1RollingUpdateStatefulSetStrategy { Partition = HoldingPartition } : null,
                },
            },
        };
    }

    /// <summary>Whether it replaces none of its pods, though they are not what it describes.</summary>
    public static bool IsHeld(V1StatefulSet set) => set.Spec.UpdateStrategy?.RollingUpdate?.Partition >= HoldingPartition;

    private static V1Container Container(RenderContext context) => new()
    {
        Name = ContainerName,
        Image = context.Settings.MemcachedImage,
        ImagePullPolicy = "IfNotPresent",
        Args = [.. Arguments(context)],
        Ports = [new V1ContainerPort { Name = "memcached", ContainerPort = AdminApi.ClientPort, Protocol = "TCP" }],
        ReadinessProbe = Probe(periodSeconds: 5, failureThreshold: 2),
        LivenessProbe = Probe(periodSeconds: 10, failureThreshold: 6),
        Resources = context.Settings.MemcachedResources,
        SecurityContext = PodParts.ContainerSecurity(),
    };

    private static IEnumerable<string> Arguments(RenderContext context)
    {
        var settings = context.Settings;
        yield return "-m";
        yield return settings.MemoryMebibytes.ToString(CultureInfo.InvariantCulture);
        yield return "-I";
        yield return settings.MaxItemBytes.ToString(CultureInfo.InvariantCulture);
        yield return "-t";
        yield return settings.Threads.ToString(CultureInfo.InvariantCulture);
        yield return "-c";
        yield return settings.MaxConnections.ToString(CultureInfo.InvariantCulture);
        foreach (var arg in settings.ExtraArgs)
            yield return arg;
    }

    private static V1Probe Probe(int periodSeconds, int failureThreshold) => new()
    {
        TcpSocket = new V1TCPSocketAction { Port = "memcached" },
        PeriodSeconds = periodSeconds,
        FailureThreshold = failureThreshold,
        TimeoutSeconds = 2,
    };
}
