using System.Text.Json.Nodes;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Settings;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Provisioning.Publishing;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Charts;

/// <summary>The chart as the real helm renders it.</summary>
public sealed class ChartTests
{
    private static readonly string Root = RepositoryRoot.Find();

    [Fact]
    public async Task The_chart_passes_helms_own_checks() => Assert.Contains("0 chart(s) failed", await HelmAsync("lint", "--strict", Chart), StringComparison.Ordinal);

    [Fact]
    public async Task The_schema_is_the_one_source()
    {
        var rendered = Single<V1CustomResourceDefinition>(await RenderAsync("--kube-version", "1.36.0", "--set", "crds.keep=false"));
        var source = KubernetesYaml.Deserialize<V1CustomResourceDefinition>(
            await File.ReadAllTextAsync(Path.Combine(Root, "crds", "replicatedcaches.cacheoperator.dev.yaml"), TestContext.Current.CancellationToken));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(KubernetesJson.Serialize(source)), JsonNode.Parse(KubernetesJson.Serialize(rendered))));
    }

    [Fact]
    public async Task An_old_server_gets_the_schema_without_the_rules_that_it_does_not_know()
    {
        var text = await HelmAsync("template", "op", Chart, "-n", "ops", "--kube-version", "1.20.2");
        Assert.DoesNotContain("x-kubernetes-validations", text, StringComparison.Ordinal);
        Assert.Contains("x-kubernetes-preserve-unknown-fields", text, StringComparison.Ordinal);
        Assert.Contains("x-kubernetes-validations", await HelmAsync("template", "op", Chart, "-n", "ops", "--kube-version", "1.25.0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_is_kept_unless_told_otherwise_and_can_be_left_out()
    {
        var kept = Single<V1CustomResourceDefinition>(await RenderAsync());
        Assert.Equal("keep", kept.Metadata.Annotations["helm.sh/resource-policy"]);
        Assert.Null(Single<V1CustomResourceDefinition>(await RenderAsync("--set", "crds.keep=false")).Metadata.Annotations);
        Assert.Empty((await RenderAsync("--set", "crds.install=false")).OfType<V1CustomResourceDefinition>());
    }

    [Fact]
    public async Task The_operators_pods_carry_the_label_that_network_policies_let_in()
    {
        var deployment = Single<V1Deployment>(await RenderAsync());
        Assert.Equal(CacheLabels.ManagedByValue, deployment.Spec.Template.Metadata.Labels[CacheLabels.Name]);
    }

    [Fact]
    public async Task The_operators_pod_is_confined()
    {
        var pod = Single<V1Deployment>(await RenderAsync()).Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Equal("IfNotPresent", container.ImagePullPolicy);
        Assert.NotNull(container.LivenessProbe);
        Assert.NotNull(container.ReadinessProbe);
    }

    [Fact]
    public async Task With_namespaces_given_nothing_is_cluster_wide_but_the_view_of_the_nodes()
    {
        var objects = await RenderAsync("--set", "watchNamespaces={shop,web}");
        Assert.Equal(["op-cache-operator-nodes"], objects.OfType<V1ClusterRole>().Select(r => r.Metadata.Name));
        Assert.Equal(["shop", "web"], objects.OfType<V1Role>().Where(r => r.Metadata.Name == "op-cache-operator").Select(r => r.Metadata.NamespaceProperty));
        Assert.Contains("--watch-namespaces=shop,web", Single<V1Deployment>(objects).Spec.Template.Spec.Containers[0].Args);
        Assert.Empty((await RenderAsync("--set", "watchNamespaces={shop}", "--set", "rbac.nodes=false")).OfType<V1ClusterRole>());
    }

    [Fact]
    public async Task Roles_name_every_right_and_no_right_to_everything()
    {
        var rules = (await RenderAsync()).OfType<V1ClusterRole>().SelectMany(r => r.Rules).ToList();
        Assert.DoesNotContain("*", rules.SelectMany(r => r.Verbs.Concat(r.Resources).Concat(r.ApiGroups)));
        var secrets = Assert.Single(rules, r => r.Resources.Contains("secrets"));
        Assert.Equal(["get", "create"], secrets.Verbs);
    }

    [Fact]
    public async Task Everything_that_can_be_turned_off_again_may_be_applied_and_deleted()
    {
        var rules = (await RenderAsync()).OfType<V1ClusterRole>().SelectMany(r => r.Rules).ToList();
        foreach (var (group, resource) in new[] { ("autoscaling", "horizontalpodautoscalers"), ("networking.k8s.io", "networkpolicies") })
        {
            var rule = Assert.Single(rules, r => r.ApiGroups.Contains(group) && r.Resources.Contains(resource));
            Assert.Equal(["create", "delete", "get", "list", "patch", "watch"], rule.Verbs.Order());
        }
    }

    [Fact]
    public async Task Running_members_may_be_given_more_memory()
    {
        var rules = (await RenderAsync()).OfType<V1ClusterRole>().SelectMany(r => r.Rules).Where(r => r.ApiGroups.Contains("")).ToList();
        Assert.Contains("patch", Assert.Single(rules, r => r.Resources.Contains("pods")).Verbs);
        Assert.Equal(["patch"], Assert.Single(rules, r => r.Resources.Contains("pods/resize")).Verbs);
    }

    [Fact]
    public async Task Several_copies_are_not_drained_at_once_and_a_single_one_holds_up_no_drain()
    {
        Assert.Empty((await RenderAsync()).OfType<V1PodDisruptionBudget>());
        var objects = await RenderAsync("--set", "replicas=2", "--kube-version", "1.36.0");
        var budget = Single<V1PodDisruptionBudget>(objects);
        Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
        Assert.Equal("AlwaysAllow", budget.Spec.UnhealthyPodEvictionPolicy);
        Assert.Equal(Single<V1Deployment>(objects).Spec.Selector.MatchLabels, budget.Spec.Selector.MatchLabels);
        var old = await HelmAsync("template", "op", Chart, "-n", "ops", "--set", "replicas=2", "--kube-version", "1.20.2");
        Assert.Contains("policy/v1beta1", old, StringComparison.Ordinal);
        Assert.DoesNotContain("unhealthyPodEvictionPolicy", old, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_names_are_those_that_the_operator_falls_back_to()
    {
        var image = Single<V1Deployment>(await RenderAsync()).Spec.Template.Spec.Containers[0].Image;
        Assert.Equal(OperatorSettings.DefaultProxyImage.Replace("cache-proxy", "cache-operator", StringComparison.Ordinal), image);
    }

    [Fact]
    public async Task A_value_that_does_not_exist_is_refused()
    {
        var error = await Assert.ThrowsAsync<ProvisioningException>(() => HelmAsync("template", "op", Chart, "--set", "replica=2"));
        Assert.Contains("replica", error.Message, StringComparison.Ordinal);
    }

    private static string Chart => Path.Combine(Root, "charts", "cache-operator");

    private static T Single<T>(IEnumerable<object> objects) => Assert.Single(objects.OfType<T>());

    private static async Task<IReadOnlyList<object>> RenderAsync(params string[] arguments) =>
        KubernetesYaml.LoadAllFromString(await HelmAsync(["template", "op", Chart, "-n", "ops", .. arguments]));

    private static async Task<string> HelmAsync(params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return await new Command(await Helm.EnsureAsync(null, cancellation), arguments).RunAsync(cancellation);
    }
}
