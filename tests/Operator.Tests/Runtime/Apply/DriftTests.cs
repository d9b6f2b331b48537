using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Apply;

namespace CacheOperator.Operator.Tests.Runtime.Apply;

public sealed class DriftTests
{
    [Theory]
    [InlineData("""{"spec":{"replicas":3}}""", """{"spec":{"replicas":3,"revisionHistoryLimit":10}}""")]
    [InlineData("""{"metadata":{"labels":{"app":"a"}}}""", """{"metadata":{"labels":{"app":"a","theirs":"b"},"uid":"x"}}""")]
    [InlineData("""{"resources":{"limits":{"memory":"1024Mi","cpu":"0.5"}}}""", """{"resources":{"limits":{"memory":"1Gi","cpu":"500m"}}}""")]
    [InlineData("""{"emptyDir":{"sizeLimit":"1024Mi"}}""", """{"emptyDir":{"sizeLimit":"1Gi"}}""")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}]}""", """{"containers":[{"name":"injected"},{"name":"a","image":"i","imagePullPolicy":"Always"}]}""")]
    [InlineData("""{"ports":[{"port":1,"name":"a"},{"port":2,"name":"b"}]}""", """{"ports":[{"port":2,"name":"b","protocol":"TCP"},{"port":1,"name":"a"}]}""")]
    [InlineData("""{"hostNetwork":false,"args":[],"labels":{},"note":"","zero":0}""", "{}")]
    [InlineData("""{"a":null}""", "{}")]
    [InlineData("""{"weight":1}""", """{"weight":1.0}""")]
    public void What_the_server_or_others_add_or_rewrite_is_no_drift(string rendered, string live) =>
        Assert.Null(Find(rendered, live));

    [Theory]
    [InlineData("""{"spec":{"replicas":3}}""", """{"spec":{"replicas":4}}""", ".spec.replicas")]
    [InlineData("""{"spec":{"replicas":0}}""", """{"spec":{"replicas":2}}""", ".spec.replicas")]
    [InlineData("""{"metadata":{"labels":{"app":"a"}}}""", """{"metadata":{"labels":{"app":"b"}}}""", ".metadata.labels.app")]
    [InlineData("""{"metadata":{"labels":{"app":"a"}}}""", """{"metadata":{}}""", ".metadata.labels")]
    [InlineData("""{"resources":{"limits":{"memory":"1Gi"}}}""", """{"resources":{"limits":{"memory":"2Gi"}}}""", ".resources.limits.memory")]
    [InlineData("""{"args":["-m","64"]}""", """{"args":["-m","128"]}""", ".args[1]")]
    [InlineData("""{"args":["1"]}""", """{"args":["1.0"]}""", ".args[0]")]
    [InlineData("""{"args":["a"]}""", """{"args":["a","b"]}""", ".args")]
    [InlineData("""{"tolerations":[{"key":"a"}]}""", """{"tolerations":[{"key":"a"},{"key":"b"}]}""", ".tolerations")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}]}""", """{"containers":[{"name":"a","image":"j"}]}""", ".containers[0]")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"a"}]}""", ".containers[1]")]
    [InlineData("""{"spec":{"a":1}}""", """{"spec":"text"}""", ".spec")]
    [InlineData("""{"hostNetwork":false}""", """{"hostNetwork":true}""", ".hostNetwork")]
    public void A_rendered_field_that_is_gone_or_different_is_found(string rendered, string live, string path) =>
        Assert.Equal(path, Find(rendered, live));

    [Fact]
    public void Equality_looks_both_ways()
    {
        var one = Parse("""{"ready":1,"conditions":[{"type":"A","status":"True"},{"type":"B","status":"False"}]}""");
        var reordered = Parse("""{"conditions":[{"type":"B","status":"False"},{"type":"A","status":"True"}],"ready":1,"warm":0}""");
        var more = Parse("""{"ready":1,"conditions":[{"type":"A","status":"True"},{"type":"B","status":"False"},{"type":"C","status":"True"}]}""");

        Assert.True(Drift.AreEqual(one, reordered));
        Assert.False(Drift.AreEqual(one, more));
        Assert.False(Drift.AreEqual(more, one));
    }

    private static string? Find(string rendered, string live) => Drift.Find(Parse(rendered), Parse(live));

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
