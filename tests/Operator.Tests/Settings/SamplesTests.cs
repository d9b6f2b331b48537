using System.Text.Json.Nodes;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Settings;
using CacheOperator.Provisioning.Publishing;
using k8s;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CacheOperator.Operator.Tests.Settings;

public sealed class SamplesTests
{
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_sample_is_valid(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "samples", file))));
        var cache = KubernetesJson.Deserialize<ReplicatedCache>(Json(stream.Documents.Single().RootNode)!.ToJsonString());
        cache.Metadata.NamespaceProperty = "ns";
        cache.Metadata.Uid = "u";
        Assert.Equal((ApiGroup.ApiVersion, ReplicatedCache.KubeKind), (cache.ApiVersion, cache.Kind));
        Assert.Empty(SpecReader.Read(cache, new OperatorSettings()).Faults);
    }

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Path.Combine(RepositoryRoot.Find(), "samples"), "*.yaml").Select(f => Path.GetFileName(f))];

    /// <summary>As kubectl sends it: the types of the API are read from JSON only.</summary>
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(c => KeyValuePair.Create(c.Key.ToString(), Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when long.TryParse(scalar.Value, out var number) => number,
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when bool.TryParse(scalar.Value, out var flag) => flag,
        _ => ((YamlScalarNode)node).Value,
    };
}
