using CacheOperator.Operator.Runtime.Apply;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Apply;

public sealed class RenderedObjectTests
{
    [Fact]
    public void Type_names_come_from_the_kind_and_status_is_left_out()
    {
        var json = RenderedObject.Of(new V1StatefulSet
        {
            Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "b" },
            Status = new V1StatefulSetStatus { Replicas = 1 },
        }).Json;

        Assert.Equal("apps/v1", json["apiVersion"]!.GetValue<string>());
        Assert.Equal("StatefulSet", json["kind"]!.GetValue<string>());
        Assert.False(json.ContainsKey("status"));
        Assert.False(json.ContainsKey("spec"));
    }

    [Fact]
    public void The_hash_is_of_the_content_and_not_of_the_order()
    {
        var one = Map(("a", "1"), ("b", "2"));
        var other = Map(("b", "2"), ("a", "1"));
        var changed = Map(("a", "1"), ("b", "3"));
        var less = Map(("a", "1"));

        Assert.Equal(RenderedObject.Of(one).Hash, RenderedObject.Of(other).Hash);
        Assert.Equal(3, new[] { one, changed, less }.Select(map => RenderedObject.Of(map).Hash).Distinct().Count());
    }

    [Fact]
    public void The_hash_stands_in_an_annotation_beside_the_others()
    {
        var map = Map(("a", "1"));
        map.Metadata.Annotations = new Dictionary<string, string> { ["mine"] = "x" };

        var rendered = RenderedObject.Of(map);

        var annotations = rendered.Json["metadata"]!["annotations"]!;
        Assert.Equal(rendered.Hash, annotations[RenderedObject.HashAnnotation]!.GetValue<string>());
        Assert.Equal("x", annotations["mine"]!.GetValue<string>());
        Assert.Single(map.Metadata.Annotations);
    }

    [Fact]
    public void A_secret_with_stringData_is_refused()
    {
        var secret = new V1Secret { Metadata = new V1ObjectMeta { Name = "a" }, StringData = new Dictionary<string, string> { ["k"] = "v" } };

        Assert.Contains("stringData", Assert.Throws<ArgumentException>(() => RenderedObject.Of(secret)).Message);
    }

    private static V1ConfigMap Map(params (string Key, string Value)[] data) => new()
    {
        Metadata = new V1ObjectMeta { Name = "map", NamespaceProperty = "space" },
        Data = data.ToDictionary(entry => entry.Key, entry => entry.Value),
    };
}
