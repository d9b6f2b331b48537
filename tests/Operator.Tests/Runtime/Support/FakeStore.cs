using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Support;

/// <summary>The objects of the fake server, their history, and the watches on it.</summary>
internal sealed class FakeStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, FakePath Path, string Line)> _history = [];
    private readonly List<(FakePath Path, Channel<string> Lines)> _watches = [];
    private long _version = 100;

    public int OpenWatches
    {
        get
        {
            lock (_gate)
                return _watches.Count;
        }
    }

    public void Put<T>(string plural, T resource)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var path = new FakePath(plural, resource.Metadata.NamespaceProperty, resource.Metadata.Name);
        Save(path, JsonNode.Parse(KubernetesJson.Serialize(resource))!.AsObject());
    }

    public JsonObject? Find(string plural, string? @namespace, string name)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(Id(new FakePath(plural, @namespace, name)));
    }

    public JsonObject Get(FakePath path)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(Id(path)) ?? throw new FakeRefusal(HttpStatusCode.NotFound, "NotFound");
    }

    public JsonObject List(FakePath path, int limit, int offset)
    {
        lock (_gate)
        {
            var all = _objects.Where(entry => Covers(path, entry.Key)).Select(entry => entry.Value).ToList();
            var page = all.Skip(offset).Take(limit).Select(item => item.DeepClone()).ToArray();
            var metadata = new JsonObject { ["resourceVersion"] = $"{_version}" };
            if (offset + page.Length < all.Count)
                metadata["continue"] = $"{offset + page.Length}";
            return new JsonObject { ["metadata"] = metadata, ["items"] = new JsonArray(page) };
        }
    }

    public JsonObject Create(FakePath collection, JsonObject body)
    {
        var path = collection with { Name = body["metadata"]!["name"]!.GetValue<string>() };
        lock (_gate)
        {
            if (_objects.ContainsKey(Id(path)))
                throw new FakeRefusal(HttpStatusCode.Conflict, "AlreadyExists");
            return Save(path, body);
        }
    }

    public JsonObject Replace(FakePath path, JsonObject body)
    {
        lock (_gate)
        {
            if (body["metadata"]!["resourceVersion"]?.GetValue<string>() != Get(path)["metadata"]!["resourceVersion"]!.GetValue<string>())
                throw new FakeRefusal(HttpStatusCode.Conflict, "Conflict");
            return Save(path, body);
        }
    }

    public JsonObject Merge(FakePath path, JsonObject patch)
    {
        lock (_gate)
        {
            var next = Get(path).DeepClone().AsObject();
            foreach (var (name, value) in patch)
                next[name] = value?.DeepClone();
            return Save(path, next);
        }
    }

    public void Delete(FakePath path)
    {
        lock (_gate)
        {
            var last = Get(path);
            _objects.Remove(Id(path));
            last["metadata"]!["resourceVersion"] = $"{++_version}";
            Publish(path, "DELETED", last);
        }
    }

    /// <summary>Deletes without a word to the watches, as happens while a client is cut off.</summary>
    public void DeleteUnseen(FakePath path)
    {
        lock (_gate)
        {
            _objects.Remove(Id(path));
            _version++;
        }
    }

    /// <summary>Sends every watch a line of its own.</summary>
    public void Broadcast(string type, JsonObject content)
    {
        lock (_gate)
        {
            foreach (var (_, lines) in _watches)
                lines.Writer.TryWrite(Line(type, content));
        }
    }

    /// <summary>Moves the version on without an event and tells the watches by a bookmark.</summary>
    /// <returns>The new version.</returns>
    public long Bookmark()
    {
        lock (_gate)
        {
            _version += 1000;
            Broadcast("BOOKMARK", new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" } });
            return _version;
        }
    }

    public void CloseWatches()
    {
        lock (_gate)
        {
            foreach (var (_, lines) in _watches)
                lines.Writer.TryComplete();
        }
    }

    public async IAsyncEnumerable<string> WatchAsync(
        FakePath path, long since, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watch = (path, Lines: Channel.CreateUnbounded<string>());
        lock (_gate)
        {
            foreach (var (_, _, line) in _history.Where(entry => entry.Version > since && Covers(path, Id(entry.Path))))
                watch.Lines.Writer.TryWrite(line);
            _watches.Add(watch);
        }

        try
        {
            await foreach (var line in watch.Lines.Reader.ReadAllAsync(cancellationToken))
                yield return line;
        }
        finally
        {
            lock (_gate)
                _watches.Remove(watch);
        }
    }

    private JsonObject Save(FakePath path, JsonObject body)
    {
        lock (_gate)
        {
            var known = _objects.TryGetValue(Id(path), out var old);
            body["metadata"]!["resourceVersion"] = $"{++_version}";
            body["metadata"]!["uid"] ??= old?["metadata"]!["uid"]?.GetValue<string>() ?? Guid.NewGuid().ToString();
            _objects[Id(path)] = body;
            Publish(path, known ? "MODIFIED" : "ADDED", body);
            return body.DeepClone().AsObject();
        }
    }

    private void Publish(FakePath path, string type, JsonObject content)
    {
        var line = Line(type, content);
        _history.Add((_version, path, line));
        foreach (var (watched, lines) in _watches)
        {
            if (Covers(watched, Id(path)))
                lines.Writer.TryWrite(line);
        }
    }

    private static string Line(string type, JsonObject content) =>
        new JsonObject { ["type"] = type, ["object"] = content.DeepClone() }.ToJsonString();

    private static string Id(FakePath path) => $"{path.Plural}/{path.Namespace}/{path.Name}";

    private static bool Covers(FakePath collection, string id) =>
        id.StartsWith(collection.Namespace is null ? $"{collection.Plural}/" : $"{collection.Plural}/{collection.Namespace}/", StringComparison.Ordinal);
}
