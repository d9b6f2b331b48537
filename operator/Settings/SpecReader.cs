using CacheOperator.Operator.Api;
using CacheOperator.Operator.Resources;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Settings;

/// <summary>Turns a spec into settings, or says everything that is wrong with it.</summary>
internal static class SpecReader
{
    public const int MaxZones = 16;

    public static readonly TimeSpan DefaultWarmUpDeadline = TimeSpan.FromMinutes(15);

    private const long Mebi = 1024 * 1024;
    private const long DefaultMemory = 256 * Mebi;
    private const long DefaultMaxItem = Mebi;
    private const long MinMemory = 16 * Mebi;

    /// <summary>More than any machine has, and little enough to reckon with.</summary>
    private const long MaxMemory = 16 * Mebi * Mebi;

    private static readonly TimeSpan DefaultGracePeriod = TimeSpan.FromSeconds(30);

    /// <returns>Settings, and no faults; or null, and at least one.</returns>
    public static (CacheSettings? Settings, IReadOnlyList<string> Faults) Read(ReplicatedCache cache, OperatorSettings defaults)
    {
        var faults = new List<string>();
        var spec = cache.Spec;
        if (cache.Metadata.Name.Length > CacheNames.MaxNameLength || !CacheNames.IsDnsLabel(cache.Metadata.Name))
        {
            faults.Add($"metadata.name: {cache.Metadata.Name} must be at most {CacheNames.MaxNameLength} characters, lower-case letters, "
                + "digits and '-', beginning with a letter, because Services and pods are named after it");
        }

        if (spec.Shards is < 1 or > TopologyValidator.MaxShards)
            faults.Add($"spec.shards: {spec.Shards} is not in 1..{TopologyValidator.MaxShards}");
        CheckZones(faults, spec.Zones);
        var memory = ReadBytes(faults, "spec.memory", spec.Memory) ?? DefaultMemory;
        var maxItem = ReadBytes(faults, "spec.maxItemSize", spec.MaxItemSize) ?? DefaultMaxItem;
        if (memory < MinMemory) faults.Add($"spec.memory: {spec.Memory} is less than the 16Mi that memcached needs");
        if (memory > MaxMemory) faults.Add($"spec.memory: {spec.Memory} is more than the 16Ti that one member may have; raise spec.shards instead");
        if (maxItem is < 1024 or > 1024 * Mebi) faults.Add($"spec.maxItemSize: {spec.MaxItemSize} is not in 1Ki..1Gi");
        if (maxItem > memory / 2)
            faults.Add($"spec.maxItemSize: {maxItem} bytes is more than half of spec.memory ({memory} bytes), with which memcached refuses to start; raise spec.memory");
        CheckArgs(faults, spec.Engine?.Args);
        CheckLabels(faults, spec.PodTemplate?.Labels);
        var maxRate = ReadBytes(faults, "spec.warmUp.maxBytesPerSecond", spec.WarmUp?.MaxBytesPerSecond) ?? 0;
        if (spec.WarmUp?.MaxItemsPerSecond is { } maxItems and < 1) faults.Add($"spec.warmUp.maxItemsPerSecond: {maxItems} is not at least 1; leave it out for no bound");
        var deadline = ReadDuration(faults, "spec.warmUp.deadline", spec.WarmUp?.Deadline) ?? DefaultWarmUpDeadline;
        var grace = ReadDuration(faults, "spec.nodeLoss.gracePeriod", spec.NodeLoss?.GracePeriod) ?? DefaultGracePeriod;
        var engineResources = ContainerResources.Merge(faults, "spec.engine.resources", spec.Engine?.Resources, ContainerResources.ForMemcached(memory));
        var proxyResources = ContainerResources.Merge(faults, "spec.proxy.resources", spec.Proxy?.Resources, ContainerResources.ForProxy());
        var shardAutoscaling = AutoscalingReader.Shards(faults, spec.ShardAutoscaling);
        var proxyAutoscaling = AutoscalingReader.Proxies(faults, spec.Proxy?.Autoscaling, proxyResources);
        if (faults.Count > 0) return (null, faults);

        return (new CacheSettings
        {
            Namespace = cache.Metadata.NamespaceProperty,
            Name = cache.Metadata.Name,
            Uid = cache.Metadata.Uid,
            Zones = spec.Zones is { Count: > 0 } ? spec.Zones : null,
            Shards = shardAutoscaling is { } bounds ? Math.Clamp(spec.Shards, bounds.MinShards, bounds.MaxShards) : spec.Shards,
            ShardAutoscaling = shardAutoscaling,
            MemoryMebibytes = memory / Mebi,
            MaxItemBytes = maxItem,
            MemcachedImage = spec.Engine?.Image ?? defaults.MemcachedImage,
            Threads = spec.Engine?.Threads ?? 4,
            MaxConnections = spec.Engine?.MaxConnections ?? 4096,
            ExtraArgs = spec.Engine?.Args ?? [],
            MemcachedResources = engineResources,
            ProxyReplicas = spec.Proxy?.Replicas,
            ProxyAutoscaling = proxyAutoscaling,
            ProxyImage = spec.Proxy?.Image ?? defaults.ProxyImage,
            ProxyResources = proxyResources,
            Replication = new ReplicationSettings
            {
                WriteAck = spec.Replication?.WriteAck ?? WriteAck.Majority,
                ReadFallback = spec.Replication?.ReadFallback ?? ReadFallback.OnError,
            },
            WarmUpDeadline = deadline,
            MaxBytesPerSecond = maxRate,
            MaxItemsPerSecond = spec.WarmUp?.MaxItemsPerSecond ?? 0,
            NodeLossPolicy = spec.NodeLoss?.Policy ?? NodeLossPolicy.ForceDelete,
            NodeLossGracePeriod = grace,
            ServiceType = spec.Service?.Type ?? ServiceType.ClusterIP,
            ServicePort = spec.Service?.Port ?? AdminApi.ClientPort,
            ServiceAnnotations = spec.Service?.Annotations ?? new Dictionary<string, string>(),
            TrafficDistribution = spec.Service?.TrafficDistribution ?? TrafficDistribution.PreferSameZone,
            PodTemplate = spec.PodTemplate ?? new PodTemplateSpec(),
            NetworkPolicy = (spec.NetworkPolicy?.Mode ?? NetworkPolicyMode.Enabled) == NetworkPolicyMode.Enabled,
            ScrapeAnnotations = (spec.Monitoring?.Discovery ?? MonitoringDiscovery.Annotations) == MonitoringDiscovery.Annotations,
        }, faults);
    }

    /// <summary>What is to be done about lost nodes: that much can be told of a spec that is not valid.</summary>
    public static (NodeLossPolicy Policy, TimeSpan GracePeriod) ReadNodeLoss(NodeLossSpec? spec) =>
        (spec?.Policy ?? NodeLossPolicy.ForceDelete, ReadDuration([], "", spec?.GracePeriod) ?? DefaultGracePeriod);

    private static void CheckZones(List<string> faults, IReadOnlyList<string>? zones)
    {
        if (zones is null) return;
        if (zones.Count > MaxZones) faults.Add($"spec.zones: {zones.Count} zones are more than the {MaxZones} that are supported");
        // Two zones that differ only in characters which object names cannot carry would share a StatefulSet.
        foreach (var group in zones.GroupBy(CacheNames.ZoneSlug).Where(g => g.Skip(1).Any()))
            faults.Add($"spec.zones: {string.Join(", ", group)} cannot be told apart; list each zone once");
    }

    /// <summary>Arguments that would take away what replication stands on.</summary>
    private static void CheckArgs(List<string> faults, IReadOnlyList<string>? args)
    {
        string[] owned = ["-m", "-I", "-t", "-c", "-p", "-l", "-s"];
        foreach (var arg in args ?? [])
        {
            if (arg is "-C" or "--disable-cas") faults.Add("spec.engine.args: -C turns off the CAS values that carry the versions of replication");
            if (arg is "-X" or "--disable-dumping") faults.Add("spec.engine.args: -X turns off metadump, without which no member can be warmed up");
            if (owned.Any(o => arg == o || (arg.StartsWith(o, StringComparison.Ordinal) && arg.Length > 2 && arg[2] is >= '0' and <= '9')))
                faults.Add($"spec.engine.args: {arg} is set by the operator (spec.memory, maxItemSize, engine.threads, engine.maxConnections)");
        }
    }

    private static void CheckLabels(List<string> faults, IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var key in labels?.Keys.Where(CacheLabels.IsOwned) ?? [])
            faults.Add($"spec.podTemplate.labels: {key} is one of the operator's own labels");
    }

    private static long? ReadBytes(List<string> faults, string field, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            var bytes = new ResourceQuantity(text).ToDecimal();
            if (bytes is >= 0 and <= long.MaxValue) return (long)bytes;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
        }

        faults.Add($"{field}: {text} is not a quantity such as 512Mi");
        return null;
    }

    public static TimeSpan? ReadDuration(List<string> faults, string field, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (Duration.TryParse(text, out var value)) return value;
        faults.Add($"{field}: {text} is not a duration such as 30s or 10m");
        return null;
    }
}
