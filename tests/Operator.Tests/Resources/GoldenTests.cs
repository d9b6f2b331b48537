using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Resources;

/// <summary>
/// What a cache consists of, byte for byte. A difference in a pod template means that an upgrade of the operator
/// rolls every fleet, and gives it to images of older versions: do not update these files lightly. <c>UPDATE_GOLDENS=1</c> rewrites them.
/// </summary>
public sealed class GoldenTests
{
    private static readonly OperatorSettings Operator = new() { Namespace = "cache-system", MemcachedImage = "memcached:test", ProxyImage = "proxy:test" };

    private const string Everything = """
        { "zones": ["eu-1a", "eu-1b"], "shards": 3, "memory": "1Gi", "maxItemSize": "4Mi",
          "engine": { "image": "my/memcached:1", "threads": 8, "maxConnections": 2000, "args": ["-o", "slab_automove=2"],
                      "resources": { "requests": { "cpu": "1" }, "limits": { "memory": "2Gi" } } },
          "proxy": { "replicas": 6, "image": "my/proxy:1", "resources": { "limits": { "cpu": "2" } }, "autoscaling": { "maxReplicas": 12 } },
          "service": { "type": "LoadBalancer", "port": 11222, "annotations": { "lb": "internal" } },
          "podTemplate": {
            "labels": { "team": "web" }, "annotations": { "note": "x" }, "nodeSelector": { "disk": "ssd" }, "priorityClassName": "high",
            "tolerations": [{ "key": "dedicated", "operator": "Exists" }, { "key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5 }],
            "affinity": { "nodeAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": [
              { "matchExpressions": [{ "key": "x", "operator": "Exists" }] }, { "matchExpressions": [{ "key": "y", "operator": "Exists" }] }] } } } } }
        """;

    [Theory]
    [InlineData("defaults-1.20", 20, "{}", "a,b,c")]
    [InlineData("defaults-1.36", 36, "{}", "a,b,c")]
    [InlineData("everything-1.36", 36, Everything, "eu-1a,eu-1b")]
    [InlineData("no-zones-1.31", 31, "{\"networkPolicy\":{\"mode\":\"Disabled\"},\"monitoring\":{\"discovery\":\"Disabled\"}}", ZoneLayout.Unlabelled)]
    public void Objects_are_rendered_as_before(string name, int minor, string spec, string zones)
    {
        var context = Context(spec, minor, zones.Split(','));
        var rendered = string.Join("---\n", FleetObjects.Build(context).Select(Yaml));
        var file = Path.Combine(Folder(), $"{name}.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDENS") == "1") File.WriteAllText(file, rendered);
        Assert.Equal(File.ReadAllText(file), rendered, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_pod_template_of_members_does_not_depend_on_the_server() => Assert.Equal(
        Yaml(MembersStatefulSet.Build(Context("{}", 20, ["a"]), "a")),
        Yaml(MembersStatefulSet.Build(Context("{}", 36, ["a"]), "a")));

    [Fact]
    public void A_template_does_not_depend_on_what_its_pods_have_nothing_to_do_with()
    {
        var before = MembersStatefulSet.Build(Context("{}", 36, ["a", "b"]), "a");
        var after = MembersStatefulSet.Build(
            Context("""{ "service": { "port": 5 }, "proxy": { "replicas": 9 }, "replication": { "writeAck": "All" }, "warmUp": { "deadline": "1m" } }""", 36, ["a", "b", "c"]), "a");
        Assert.Equal(Yaml(before), Yaml(after));
    }

    [Theory]
    [InlineData(20, null, 4)]
    [InlineData(20, 9, 4)]
    [InlineData(36, null, 4)]
    [InlineData(36, 9, null)]
    [InlineData(36, 0, 4)]
    public void The_number_of_proxies_is_left_to_an_autoscaler_where_there_is_one_once_there_are_proxies(int minor, int? live, int? rendered)
    {
        var context = Context("""{ "proxy": { "autoscaling": { "minReplicas": 4, "maxReplicas": 10 } } }""", minor, ["a", "b", "c"]) with { LiveProxies = live };
        Assert.Equal(rendered, ProxyDeployment.Build(context).Spec.Replicas);
        Assert.Equal(rendered ?? live, ProxyDeployment.Replicas(context));
        Assert.Equal(minor >= 23 ? 1 : 0, FleetObjects.Build(context).OfType<V2HorizontalPodAutoscaler>().Count());
    }

    [Fact]
    public void An_autoscaler_that_is_there_keeps_the_number_though_the_server_did_not_tell_that_it_has_such()
    {
        var context = Context("""{ "proxy": { "autoscaling": { "maxReplicas": 10 } } }""", 20, ["a"]) with { LiveProxies = 9, HasProxyAutoscaler = true };
        Assert.Null(ProxyDeployment.Build(context).Spec.Replicas);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 2)]
    public void An_autoscaler_keeps_a_proxy_in_every_zone_unless_it_may_not(int most, int least)
    {
        var context = Context($$"""{ "proxy": { "autoscaling": { "maxReplicas": {{most}} } } }""", 36, ["a", "b", "c"]);
        Assert.Equal((least, most), Assert.Single(FleetObjects.Build(context).OfType<V2HorizontalPodAutoscaler>().Select(a => (a.Spec.MinReplicas, a.Spec.MaxReplicas))));
    }

    [Fact]
    public void Selectors_select_the_pods_and_nothing_selects_across_components()
    {
        var context = Context("{}", 36, ["a", "b"]);
        var set = MembersStatefulSet.Build(context, "a");
        var proxies = ProxyDeployment.Build(context);
        Assert.Subset(set.Spec.Template.Metadata.Labels.ToHashSet(), set.Spec.Selector.MatchLabels.ToHashSet());
        Assert.Subset(proxies.Spec.Template.Metadata.Labels.ToHashSet(), proxies.Spec.Selector.MatchLabels.ToHashSet());
        Assert.DoesNotContain(proxies.Spec.Template.Metadata.Labels, l => set.Spec.Selector.MatchLabels[CacheLabels.Component] == l.Value);
        var other = MembersStatefulSet.Build(context, "b");
        Assert.NotEqual(set.Spec.Selector.MatchLabels[CacheLabels.Zone], other.Spec.Template.Metadata.Labels[CacheLabels.Zone]);
    }

    [Fact]
    public void Long_names_stay_within_what_labels_of_pods_can_carry()
    {
        var cache = new string('c', CacheNames.MaxNameLength);
        var one = CacheNames.StatefulSet(cache, "northamerica-northeast1-a");
        Assert.True(one.Length <= 52);
        Assert.NotEqual(one, CacheNames.StatefulSet(cache, "northamerica-northeast1-b"));
        Assert.True(CacheNames.IsDnsLabel(one));
        Assert.Equal("c-memcached-eu-west-1a", CacheNames.StatefulSet("c", "EU_west.1a"));
    }

    [Fact]
    public void The_token_is_long_and_never_the_same()
    {
        var meta = new V1ObjectMeta { Name = "c-admin" };
        var tokens = Enumerable.Range(0, 3).Select(_ => AdminTokenSecret.Read(AdminTokenSecret.Build(meta))!).ToList();
        Assert.All(tokens, t => Assert.Equal(64, t.Length));
        Assert.Equal(3, tokens.Distinct().Count());
    }

    private static RenderContext Context(string spec, int minor, string[] zones)
    {
        var cache = new ReplicatedCache
        {
            Metadata = new V1ObjectMeta { Name = "sessions", NamespaceProperty = "shop", Uid = "0000-uid" },
            Spec = KubernetesJson.Deserialize<ReplicatedCacheSpec>(spec),
        };
        var (settings, faults) = SpecReader.Read(cache, Operator);
        Assert.Empty(faults);
        ImmutableHashSet<(string, string)> kinds = minor >= 23
            ? [("policy/v1", "PodDisruptionBudget"), ("autoscaling/v2", "HorizontalPodAutoscaler")]
            : [("policy/v1beta1", "PodDisruptionBudget")];
        var layout = new ZoneLayout(zones, zones is not [ZoneLayout.Unlabelled]);
        return new RenderContext(settings!, layout, new ServerCapabilities(minor, $"v1.{minor}.0", kinds), Operator);
    }

    private static string Yaml(IKubernetesObject<V1ObjectMeta> resource) => KubernetesYaml.Serialize(resource switch
    {
        V1Service s => Typed(s),
        V1StatefulSet s => Typed(s),
        V1Deployment d => Typed(d),
        V1NetworkPolicy p => Typed(p),
        V1PodDisruptionBudget b => Typed(b),
        V1beta1PodDisruptionBudget b => Typed(b),
        V2HorizontalPodAutoscaler a => Typed(a),
        _ => resource,
    }) + "\n";

    /// <summary>With apiVersion and kind, which the applier adds from the type.</summary>
    private static T Typed<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        KubernetesJson.Deserialize<T>(RenderedObject.Describe(resource).ToJsonString());

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Goldens");
}
