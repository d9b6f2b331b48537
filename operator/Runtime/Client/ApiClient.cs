using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>
/// Typed requests for every kind, built-in or custom, over the connection and credentials of <see cref="Kubernetes"/>.
/// The generated client cannot do this: its generic watch has no bookmarks, deadline or resource version, and its
/// generic patch no field manager. Refusals are <see cref="ApiException"/>, silence is <see cref="TimeoutException"/>.
/// </summary>
internal sealed class ApiClient(ApiTransport transport)
{
    /// <summary>Reads one object; null when there is none.</summary>
    public async Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await ReadAsync<T>(ResourceKind.Of<T>().ObjectPath(key), cancellationToken);
        }
        catch (ApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Reads any document by its path relative to the server's address, such as <c>version</c> or <c>apis</c>.</summary>
    public async Task<T> ReadAsync<T>(string path, CancellationToken cancellationToken) =>
        KubernetesJson.Deserialize<T>(await transport.SendAsync(HttpMethod.Get, path, null, cancellationToken));

    /// <summary>Reads one page of a collection.</summary>
    /// <param name="namespace">Null for all namespaces.</param>
    /// <param name="limit">Objects a page; 0 for all in one.</param>
    /// <param name="continueToken">From the page before.</param>
    public async Task<ListPage<T>> ListAsync<T>(
        string? @namespace, string? labelSelector, int limit, string? continueToken, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var query = Query(("labelSelector", labelSelector), ("limit", limit > 0 ? $"{limit}" : null), ("continue", continueToken));
        using var document = await transport.ReadAsync(kind.CollectionPath(@namespace) + query, cancellationToken);
        var metadata = document.RootElement.GetProperty("metadata");
        var items = new List<T>();
        var unreadable = new List<UnreadableObject>();
        if (document.RootElement.TryGetProperty("items", out var elements) && elements.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in elements.EnumerateArray())
            {
                if (ObjectDecoder.Decode<T>(element, kind, out var problem) is { } item)
                    items.Add(item);
                else
                    unreadable.Add(problem!);
            }
        }

        var next = ObjectDecoder.Text(metadata, "continue");
        return new ListPage<T>(items, unreadable, ObjectDecoder.Text(metadata, "resourceVersion"), next.Length == 0 ? null : next);
    }

    /// <summary>
    /// Watches a collection from a resource version on. Ends when the server ends the stream, which is normal.
    /// </summary>
    /// <param name="serverTimeout">After which the server is asked to end the watch.</param>
    /// <exception cref="ApiException">The watch was refused, or ended by an error event (see <see cref="ApiException.IsExpired"/>).</exception>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string? @namespace,
        string? labelSelector,
        string resourceVersion,
        TimeSpan serverTimeout,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var path = kind.CollectionPath(@namespace) + Query(
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", resourceVersion),
            ("timeoutSeconds", $"{(int)serverTimeout.TotalSeconds}"),
            ("labelSelector", labelSelector));
        using var response = await transport.OpenAsync(HttpMethod.Get, path, null, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
                continue;
            using var document = JsonDocument.Parse(line);
            var element = document.RootElement.GetProperty("object");
            switch (document.RootElement.GetProperty("type").GetString())
            {
                case "ADDED":
                    yield return Event(WatchEventType.Added, element);
                    break;
                case "MODIFIED":
                    yield return Event(WatchEventType.Modified, element);
                    break;
                case "DELETED":
                    yield return Event(WatchEventType.Deleted, element);
                    break;
                case "BOOKMARK":
                    yield return new WatchEvent<T>(WatchEventType.Bookmark, null, null, ObjectDecoder.VersionOf(element));
                    break;
                case "ERROR":
                    var status = KubernetesJson.Deserialize<V1Status>(element);
                    throw new ApiException((HttpStatusCode)(status.Code ?? 500), status, $"watch {path}");
            }
        }

        WatchEvent<T> Event(WatchEventType type, JsonElement element)
        {
            var item = ObjectDecoder.Decode<T>(element, kind, out var problem);
            return new WatchEvent<T>(type, item, problem, ObjectDecoder.VersionOf(element));
        }
    }

    /// <summary>Creates an object. 409 with reason <c>AlreadyExists</c> when there is one.</summary>
    public Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        return WriteAsync<T>(HttpMethod.Post, kind.CollectionPath(resource.Metadata.NamespaceProperty), resource, kind, cancellationToken);
    }

    /// <summary>Replaces an object; its resource version, when given, must still be the live one (else 409).</summary>
    public Task<T> ReplaceAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        return WriteAsync<T>(HttpMethod.Put, kind.ObjectPath(ObjectKey.Of(resource)), resource, kind, cancellationToken);
    }

    /// <summary>Patches an object or one of its subresources and returns what is live now.</summary>
    /// <param name="fieldManager">Who owns the fields; apply patches take them over by force.</param>
    public async Task<T> PatchAsync<T>(
        ObjectKey key, string? subresource, PatchFormat format, JsonNode patch, string fieldManager, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var query = Query(("fieldManager", fieldManager), ("force", format == PatchFormat.Apply ? "true" : null));
        var content = new StringContent(patch.ToJsonString(), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(
            format == PatchFormat.Apply ? "application/apply-patch+yaml" : "application/strategic-merge-patch+json");
        var path = ResourceKind.Of<T>().ObjectPath(key, subresource) + query;
        return KubernetesJson.Deserialize<T>(await transport.SendAsync(HttpMethod.Patch, path, content, cancellationToken));
    }

    public Task DeleteAsync<T>(ObjectKey key, V1DeleteOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        transport.SendAsync(HttpMethod.Delete, ResourceKind.Of<T>().ObjectPath(key), Json(KubernetesJson.Serialize(options)), cancellationToken);

    private async Task<T> WriteAsync<T>(HttpMethod method, string path, T resource, ResourceKind kind, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        resource.ApiVersion = kind.ApiVersion;
        resource.Kind = kind.Kind;
        return KubernetesJson.Deserialize<T>(await transport.SendAsync(method, path, Json(KubernetesJson.Serialize(resource)), cancellationToken));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return query.ToString();
    }
}
