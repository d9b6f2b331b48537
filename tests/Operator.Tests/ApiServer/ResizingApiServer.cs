using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Client;
using k8s.Models;

namespace CacheOperator.Operator.Tests.ApiServer;

/// <summary>
/// A fake of what a server of 1.20 cannot do, in front of the real one: it lists <c>pods/resize</c>, takes its patches, and shows the resources that pods were given by
/// them, and those that a test says the node has granted. All else is the real server's.
/// </summary>
internal sealed class ResizingApiServer : ApiServerFront
{
    private readonly KubeApiServer _real;

    /// <summary>By pod UID: resources asked for by the subresource, and granted.</summary>
    private readonly ConcurrentDictionary<string, JsonNode> _asked = new();
    private readonly ConcurrentDictionary<string, JsonNode> _granted = new();

    private ResizingApiServer(KubeApiServer real)
        : base(real) => _real = real;

    /// <summary>Names of pods that were asked to be resized, in order.</summary>
    public ConcurrentQueue<string> Resized { get; } = new();

    /// <summary>Patches are refused, as for a quota: the real server is asked for what it takes from nobody.</summary>
    public bool Refuses { get; set; }

    public static async Task<ResizingApiServer> StartAsync(KubeApiServer real)
    {
        var server = new ResizingApiServer(real);
        await server.StartAsync();
        return server;
    }

    /// <summary>The node gives the pod what was asked for.</summary>
    public Task GrantAsync(V1Pod pod)
    {
        _granted[pod.Metadata.Uid] = _asked[pod.Metadata.Uid];
        var change = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["test/granted"] = "yes" } } };
        return _real.Client.PatchAsync<V1Pod>(ObjectKey.Of(pod), null, PatchFormat.StrategicMerge, change, "kubelet", TestContext.Current.CancellationToken);
    }

    protected override (string PathAndQuery, string Body) OnRequest(string method, string path, string query, string body)
    {
        if (method != "PATCH" || !path.EndsWith("/resize", StringComparison.Ordinal)) return (path + query, body);
        var patch = JsonNode.Parse(body)!;
        if (Refuses) return (path[..^"/resize".Length] + query, body);
        _asked[$"{patch["metadata"]!["uid"]}"] = patch["spec"]!["containers"]![0]!["resources"]!.DeepClone();
        var pod = path[..^"/resize".Length];
        Resized.Enqueue(pod[(pod.LastIndexOf('/') + 1)..]);

        // So that the change is one for whoever watches.
        var seen = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = $"{patch["metadata"]!["uid"]}", ["annotations"] = new JsonObject { ["test/resized"] = $"{Resized.Count}" } } };
        return (pod + query, seen.ToJsonString());
    }

    protected override string OnAnswer(string path, string line)
    {
        if (path == "/api/v1")
        {
            var discovery = JsonNode.Parse(line)!;
            discovery["resources"]!.AsArray().Add(new JsonObject { ["name"] = "pods/resize", ["namespaced"] = true, ["kind"] = "Pod", ["verbs"] = new JsonArray("get", "patch", "update") });
            return discovery.ToJsonString();
        }

        if (!path.Contains("/pods", StringComparison.Ordinal) || line.Length == 0) return line;
        var answer = JsonNode.Parse(line)!;
        foreach (var pod in answer["items"]?.AsArray().ToList() ?? [answer["object"] ?? answer]) Show(pod!);
        return answer.ToJsonString();
    }

    private void Show(JsonNode pod)
    {
        if (pod["metadata"]?["uid"] is not { } uid || pod["spec"]?["containers"]?[0] is not { } container) return;
        var made = container["resources"]?.DeepClone();
        if (_asked.TryGetValue($"{uid}", out var asked)) container["resources"] = asked.DeepClone();
        if (pod["status"]?["containerStatuses"]?[0] is { } status)
            status["resources"] = _granted.TryGetValue($"{uid}", out var granted) ? granted.DeepClone() : made;
    }
}
