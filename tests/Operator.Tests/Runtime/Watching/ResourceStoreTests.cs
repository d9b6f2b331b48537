using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Watching;

public sealed class ResourceStoreTests
{
    private readonly ResourceStore<V1ConfigMap> _store = new(_ => { }, "team");

    [Fact]
    public void Objects_are_found_by_namespace_and_label()
    {
        _store.Set(Map("one", "red"));
        _store.Set(Map("two", "red"));
        _store.Set(Map("three", "blue"));
        _store.Set(Map("four", null));
        _store.Set(Map("five", "red", "elsewhere"));

        Assert.Equal(["one", "two"], Names("red"));
        Assert.Equal(["three"], Names("blue"));
        Assert.Equal(["five"], Names("red", "elsewhere"));
        Assert.Empty(Names("green"));
        Assert.Equal(5, _store.Objects.Count);
    }

    [Fact]
    public void An_object_leaves_its_group_with_its_label_and_with_itself()
    {
        _store.Set(Map("one", "red"));
        _store.Set(Map("two", "red"));
        _store.Set(Map("one", "blue"));
        Assert.Equal(["two"], Names("red"));
        Assert.Equal(["one"], Names("blue"));

        _store.Remove(new ObjectKey("ns", "two"), null);
        Assert.Empty(Names("red"));
        _store.Set(Map("one", null));
        Assert.Empty(Names("blue"));
    }

    [Fact]
    public void A_new_list_replaces_what_groups_hold()
    {
        _store.Set(Map("gone", "red"));
        _store.Set(Map("moved", "red"));
        _store.Set(Map("unreadable", "red"));

        _store.Replace(null, [Map("moved", "blue"), Map("new", "red")], new HashSet<ObjectKey> { new("ns", "unreadable") });

        Assert.Equal(["new", "unreadable"], Names("red"));
        Assert.Equal(["moved"], Names("blue"));
    }

    private IEnumerable<string> Names(string team, string @namespace = "ns") =>
        _store.Group(new ObjectKey(@namespace, team)).Select(m => m.Metadata.Name).Order(StringComparer.Ordinal);

    private static V1ConfigMap Map(string name, string? team, string @namespace = "ns") => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = @namespace,
            Uid = name,
            ResourceVersion = Guid.NewGuid().ToString(),
            Labels = team is null ? null : new Dictionary<string, string> { ["team"] = team },
        },
    };
}
