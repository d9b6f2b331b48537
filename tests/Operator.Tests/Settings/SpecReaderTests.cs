using CacheOperator.Operator.Api;
using CacheOperator.Operator.Settings;
using CacheOperator.Topology;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Settings;

public sealed class SpecReaderTests
{
    [Fact]
    public void An_empty_spec_is_complete()
    {
        var (settings, faults) = SpecReader.Read(Cache(new ReplicatedCacheSpec()), new OperatorSettings());
        Assert.Empty(faults);
        Assert.Null(settings!.Zones);
        Assert.Equal(1, settings.Shards);
        Assert.Equal(256, settings.MemoryMebibytes);
        Assert.Equal(1024 * 1024, settings.MaxItemBytes);
        Assert.Equal(WriteAck.Majority, settings.Replication.WriteAck);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.NodeLossGracePeriod);
        Assert.Equal(TimeSpan.FromMinutes(15), settings.WarmUpDeadline);
        Assert.Equal("352Mi", settings.MemcachedResources.Limits["memory"].ToString());
    }

    [Fact]
    public void A_manifest_without_a_spec_is_complete_too()
    {
        var cache = KubernetesYaml.Deserialize<ReplicatedCache>("""
            apiVersion: cacheoperator.dev/v1alpha1
            kind: ReplicatedCache
            metadata: { name: sessions, namespace: ns, uid: u }
            """);
        Assert.Empty(SpecReader.Read(cache, new OperatorSettings()).Faults);
    }

    [Fact]
    public void Everything_that_is_said_is_taken_over()
    {
        var cache = KubernetesJson.Deserialize<ReplicatedCache>("""
            { "metadata": { "name": "c", "namespace": "ns", "uid": "u" },
              "spec": { "zones": ["a", "b"], "shards": 3, "memory": "1Gi", "maxItemSize": "2Mi",
                "engine": { "image": "i", "threads": 2, "maxConnections": 100, "args": ["-v"], "resources": { "limits": { "memory": "2Gi" } } },
                "proxy": { "replicas": 5, "image": "p" }, "replication": { "writeAck": "All", "readFallback": "OnMiss" },
                "warmUp": { "deadline": "1h30m", "maxBytesPerSecond": "10M", "maxItemsPerSecond": 5000 }, "nodeLoss": { "policy": "Wait", "gracePeriod": "500ms" },
                "service": { "type": "NodePort", "port": 1, "trafficDistribution": "Any" }, "networkPolicy": { "mode": "Disabled" },
                "monitoring": { "discovery": "Disabled" }, "podTemplate": { "priorityClassName": "high" } } }
            """);
        var (settings, faults) = SpecReader.Read(cache, new OperatorSettings());
        Assert.Empty(faults);
        Assert.Equal(["a", "b"], settings!.Zones);
        Assert.Equal((3, 1024L, 2 * 1024 * 1024L), (settings.Shards, settings.MemoryMebibytes, settings.MaxItemBytes));
        Assert.Equal(("i", 2, 100), (settings.MemcachedImage, settings.Threads, settings.MaxConnections));
        Assert.Equal("2Gi", settings.MemcachedResources.Limits["memory"].ToString());
        Assert.Equal("1312Mi", settings.MemcachedResources.Requests["memory"].ToString());
        Assert.Equal((5, "p"), (settings.ProxyReplicas, settings.ProxyImage));
        Assert.Equal(new ReplicationSettings { WriteAck = WriteAck.All, ReadFallback = ReadFallback.OnMiss }, settings.Replication);
        Assert.Equal(TimeSpan.FromMinutes(90), settings.WarmUpDeadline);
        Assert.Equal(10_000_000, settings.MaxBytesPerSecond);
        Assert.Equal(5000, settings.MaxItemsPerSecond);
        Assert.Equal((NodeLossPolicy.Wait, TimeSpan.FromMilliseconds(500)), (settings.NodeLossPolicy, settings.NodeLossGracePeriod));
        Assert.Equal((ServiceType.NodePort, 1, TrafficDistribution.Any), (settings.ServiceType, settings.ServicePort, settings.TrafficDistribution));
        Assert.False(settings.NetworkPolicy);
        Assert.False(settings.ScrapeAnnotations);
        Assert.Equal("high", settings.PodTemplate.PriorityClassName);
    }

    [Theory]
    [InlineData("""{ "memory": "64Mi", "maxItemSize": "33Mi" }""", "spec.maxItemSize")]
    [InlineData("""{ "memory": "1Mi", "maxItemSize": "1Ki" }""", "spec.memory")]
    [InlineData("""{ "memory": "much" }""", "spec.memory")]
    [InlineData("""{ "zones": ["eu-1", "EU-1"] }""", "spec.zones")]
    [InlineData("""{ "shards": 0 }""", "spec.shards")]
    [InlineData("""{ "warmUp": { "deadline": "soon" } }""", "spec.warmUp.deadline")]
    [InlineData("""{ "warmUp": { "deadline": "" } }""", null)]
    [InlineData("""{ "warmUp": { "maxItemsPerSecond": 0 } }""", "spec.warmUp.maxItemsPerSecond")]
    [InlineData("""{ "nodeLoss": { "gracePeriod": "99999999999999999999s" } }""", "spec.nodeLoss.gracePeriod")]
    [InlineData("""{ "engine": { "args": ["-C"] } }""", "spec.engine.args")]
    [InlineData("""{ "engine": { "args": ["-m", "5"] } }""", "spec.engine.args")]
    [InlineData("""{ "engine": { "args": ["-m5"] } }""", "spec.engine.args")]
    [InlineData("""{ "engine": { "args": ["-o", "slab_automove=2"] } }""", null)]
    [InlineData("""{ "engine": { "resources": { "limits": { "memory": "lots" } } } }""", "spec.engine.resources.limits.memory")]
    [InlineData("""{ "engine": { "resources": { "limits": { "memory": "64Mi" } } } }""", "spec.engine.resources.limits.memory: 64Mi is less than spec.engine.resources.requests.memory (352Mi)")]
    [InlineData("""{ "engine": { "resources": { "limits": { "memory": "64Mi" }, "requests": { "memory": "64Mi" } } } }""", null)]
    [InlineData("""{ "proxy": { "resources": { "requests": { "memory": "1Gi" } } } }""", "spec.proxy.resources.limits.memory: 512Mi is less than")]
    [InlineData("""{ "memory": "8388607Ti" }""", "spec.memory: 8388607Ti is more than the 16Ti")]
    [InlineData("""{ "memory": "16Ti" }""", null)]
    [InlineData("""{ "podTemplate": { "labels": { "cacheoperator.dev/zone": "x" } } }""", "spec.podTemplate.labels")]
    [InlineData("""{ "shardAutoscaling": { "minShards": 3, "maxShards": 2 } }""", "spec.shardAutoscaling.minShards: 3 is not in 1..2")]
    [InlineData("""{ "shardAutoscaling": { "maxShards": 0 } }""", "spec.shardAutoscaling.maxShards")]
    [InlineData("""{ "shardAutoscaling": { "maxShards": 2, "cooldown": "soon" } }""", "spec.shardAutoscaling.cooldown")]
    [InlineData("""{ "shardAutoscaling": { "maxShards": 2, "scaleOutAfter": "1m", "scaleInAfter": "1h", "cooldown": "2m" } }""", null)]
    [InlineData("""{ "proxy": { "autoscaling": { "minReplicas": 5, "maxReplicas": 4 } } }""", "spec.proxy.autoscaling.minReplicas: 5 is not in 1..4")]
    [InlineData("""{ "proxy": { "autoscaling": { "minReplicas": 0, "maxReplicas": 4 } } }""", "spec.proxy.autoscaling.minReplicas")]
    [InlineData("""{ "proxy": { "autoscaling": { "minReplicas": 1 } } }""", "spec.proxy.autoscaling.maxReplicas")]
    [InlineData("""{ "proxy": { "autoscaling": { "maxReplicas": 2, "targetCPUUtilizationPercentage": 0 } } }""", "spec.proxy.autoscaling.targetCPU")]
    [InlineData("""{ "proxy": { "autoscaling": { "maxReplicas": 2 }, "resources": { "requests": { "cpu": "0" } } } }""", "spec.proxy.resources.requests.cpu")]
    [InlineData("""{ "proxy": { "autoscaling": { "minReplicas": 2, "maxReplicas": 2 } } }""", null)]
    public void What_the_schema_cannot_see_is_refused_with_the_field_named(string spec, string? field)
    {
        var (settings, faults) = SpecReader.Read(Cache(KubernetesJson.Deserialize<ReplicatedCacheSpec>(spec)), new OperatorSettings());
        if (field is null)
        {
            Assert.Empty(faults);
            return;
        }

        Assert.Null(settings);
        Assert.StartsWith(field, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    [InlineData(9, 4)]
    public void With_autoscaling_a_cache_begins_with_its_shards_within_the_bounds(int shards, int begun)
    {
        var spec = new ReplicatedCacheSpec { Shards = shards, ShardAutoscaling = new ShardAutoscalingSpec { MinShards = 2, MaxShards = 4 } };
        Assert.Equal(begun, SpecReader.Read(Cache(spec), new OperatorSettings()).Settings!.Shards);
    }

    [Theory]
    [InlineData("UPPER")]
    [InlineData("with.dots")]
    [InlineData("9lives")]
    [InlineData("a-name-that-is-longer-than-forty-characters")]
    public void A_name_that_cannot_name_a_Service_is_refused(string name)
    {
        var cache = Cache(new ReplicatedCacheSpec());
        cache.Metadata.Name = name;
        Assert.Contains("metadata.name", Assert.Single(SpecReader.Read(cache, new OperatorSettings()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var spec = new ReplicatedCacheSpec { Shards = 0, Memory = "x", Zones = ["a", "A"] };
        Assert.Equal(3, SpecReader.Read(Cache(spec), new OperatorSettings()).Faults.Count);
    }

    private static ReplicatedCache Cache(ReplicatedCacheSpec spec) => new()
    {
        Metadata = new V1ObjectMeta { Name = "c", NamespaceProperty = "ns", Uid = "u" },
        Spec = spec,
    };
}
