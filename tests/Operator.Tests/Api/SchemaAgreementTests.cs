using System.Reflection;
using System.Text.Json;
using CacheOperator.Operator.Api;
using CacheOperator.Provisioning.Publishing;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace CacheOperator.Operator.Tests.Api;

/// <summary>The schema in crds/ and the types in operator/Api say the same.</summary>
public sealed class SchemaAgreementTests
{
    private static readonly YamlMappingNode Crd = Load();

    [Theory]
    [InlineData("spec", typeof(ReplicatedCacheSpec))]
    [InlineData("status", typeof(ReplicatedCacheStatus))]
    public void Types_and_schema_have_the_same_fields(string part, object type)
    {
        var faults = new List<string>();
        Compare(faults, part, Schema(part), (Type)type);
        Assert.Empty(faults);
    }

    [Fact]
    public void Names_group_and_version_are_those_of_the_types()
    {
        var entity = typeof(ReplicatedCache).GetCustomAttribute<KubernetesEntityAttribute>()!;
        Assert.Equal(entity.Group, Text(Crd, "spec", "group"));
        Assert.Equal(entity.Kind, Text(Crd, "spec", "names", "kind"));
        Assert.Equal(entity.PluralName, Text(Crd, "spec", "names", "plural"));
        Assert.Equal($"{entity.PluralName}.{entity.Group}", Text(Crd, "metadata", "name"));
        Assert.Equal(entity.ApiVersion, Text(Version, "name"));
    }

    [Fact]
    public void Every_field_of_the_spec_is_described()
    {
        var missing = new List<string>();
        Walk("spec", Schema("spec"), (path, schema) =>
        {
            if (!schema.Children.ContainsKey("description")) missing.Add(path);
        });

        // Elements of lists and maps are described by the field that holds them.
        Assert.DoesNotContain(missing, p => !p.EndsWith("[]", StringComparison.Ordinal) && !p.EndsWith("{}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_scale_subresource_points_at_fields_that_exist()
    {
        Assert.Equal(".spec.shards", Text(Version, "subresources", "scale", "specReplicasPath"));
        Assert.Equal(".status.shards", Text(Version, "subresources", "scale", "statusReplicasPath"));
        Assert.Equal(".status.selector", Text(Version, "subresources", "scale", "labelSelectorPath"));
    }

    [Fact]
    public void Columns_answer_whether_it_is_healthy_how_many_of_how_many_what_is_warming_and_why_not()
    {
        var columns = ((YamlSequenceNode)Version["additionalPrinterColumns"]).Cast<YamlMappingNode>()
            .Where(c => !c.Children.ContainsKey("priority")).Select(c => Text(c, "name"));
        Assert.Equal(["Ready", "Reason", "Members", "Warming", "Endpoint", "Age"], columns);
    }

    private static YamlMappingNode Version => (YamlMappingNode)((YamlSequenceNode)Node(Crd, "spec", "versions")).Single();

    private static YamlMappingNode Schema(string part) => (YamlMappingNode)Node(Version, "schema", "openAPIV3Schema", "properties", part);

    private static void Compare(List<string> faults, string path, YamlMappingNode schema, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var kind = Text(schema, "type");
        if (type.IsEnum)
        {
            var values = ((YamlSequenceNode)schema["enum"]).Select(v => v.ToString()).Order().ToList();
            if (!values.SequenceEqual(Enum.GetNames(type).Order())) faults.Add($"{path}: the schema has {string.Join(",", values)}, {type.Name} has {string.Join(",", Enum.GetNames(type))}");
        }
        else if (Simple.TryGetValue(type, out var expected))
        {
            var format = schema.Children.TryGetValue("format", out var f) ? f.ToString() : null;
            if ((kind, format) != expected) faults.Add($"{path}: the schema has {kind} {format}, {type.Name} needs {expected}");
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            if (kind != "object" || Text(schema, "additionalProperties", "type") != "string") faults.Add($"{path}: is a map of strings in {type.Name}");
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            if (kind != "array") faults.Add($"{path}: is a list in {type.Name}");
            else Compare(faults, $"{path}[]", (YamlMappingNode)schema["items"], type.GetGenericArguments()[0]);
        }
        else if (schema.Children.ContainsKey("x-kubernetes-preserve-unknown-fields"))
        {
            if (type != typeof(V1Affinity)) faults.Add($"{path}: is open in the schema");
        }
        else
        {
            CompareFields(faults, path, schema, type);
        }
    }

    private static void CompareFields(List<string> faults, string path, YamlMappingNode schema, Type type)
    {
        var fields = type.GetProperties().ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(JsonName(p)), p => p.PropertyType);
        var properties = ((YamlMappingNode)schema["properties"]).Children.ToDictionary(c => c.Key.ToString(), c => (YamlMappingNode)c.Value);
        foreach (var name in properties.Keys.Except(fields.Keys)) faults.Add($"{path}.{name}: is in the schema and not in {type.Name}");
        foreach (var name in fields.Keys.Except(properties.Keys)) faults.Add($"{path}.{name}: is in {type.Name} and not in the schema");
        foreach (var name in fields.Keys.Intersect(properties.Keys)) Compare(faults, $"{path}.{name}", properties[name], fields[name]);
    }

    private static readonly Dictionary<Type, (string, string?)> Simple = new()
    {
        [typeof(string)] = ("string", null),
        [typeof(int)] = ("integer", "int32"),
        [typeof(long)] = ("integer", "int64"),
        [typeof(bool)] = ("boolean", null),
        [typeof(DateTime)] = ("string", "date-time"),
    };

    private static string JsonName(PropertyInfo property) =>
        property.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name ?? property.Name;

    private static void Walk(string path, YamlMappingNode schema, Action<string, YamlMappingNode> visit)
    {
        visit(path, schema);
        if (schema.Children.TryGetValue("properties", out var properties))
        {
            foreach (var (name, child) in (YamlMappingNode)properties) Walk($"{path}.{name}", (YamlMappingNode)child, visit);
        }

        if (schema.Children.TryGetValue("items", out var items)) Walk($"{path}[]", (YamlMappingNode)items, visit);
        if (schema.Children.TryGetValue("additionalProperties", out var more)) Walk($"{path}{{}}", (YamlMappingNode)more, visit);
    }

    private static YamlNode Node(YamlNode node, params string[] path) => path.Aggregate(node, (n, p) => n[p]);

    private static string Text(YamlNode node, params string[] path) => Node(node, path).ToString();

    private static YamlMappingNode Load()
    {
        using var reader = new StreamReader(Path.Combine(RepositoryRoot.Find(), "crds", "replicatedcaches.cacheoperator.dev.yaml"));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }
}
