using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Topology;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Topology;

/// <summary>
/// The durable copy of the topology. Written with the version that was read, not by apply: a leader that was
/// deposed without knowing it must fail here before it tells any proxy.
/// </summary>
internal sealed partial class TopologyStore(ApiClient client, TimeProvider time, ILogger<TopologyStore> logger)
{
    /// <summary>A cache that shows no ConfigMap for so long after it was written is not late: somebody deleted it.</summary>
    private static readonly TimeSpan CacheDelay = TimeSpan.FromSeconds(10);

    /// <summary>The newest document known.</summary>
    /// <param name="cached">The ConfigMap as the cache shows it, which may lag behind our own writes.</param>
    /// <param name="written">What this process wrote last.</param>
    public TopologyDocument? Newest(V1ConfigMap? cached, WrittenTopology? written)
    {
        var stored = Read(cached);
        return written is not null && written.Document.Generation >= (stored?.Generation ?? 0) ? written.Document : stored;
    }

    /// <summary>Whether the stored copy has vanished or cannot be read.</summary>
    public bool IsMissing(V1ConfigMap? cached, WrittenTopology? written) =>
        Read(cached) is null && (written is null || time.GetUtcNow() - written.At > CacheDelay);

    /// <summary>Whether the cache shows this document.</summary>
    public bool IsStored(V1ConfigMap? cached, TopologyDocument? document) => Read(cached) is { } stored && stored.Generation == document?.Generation;

    /// <exception cref="ApiException">A conflict: somebody else has written.</exception>
    /// <exception cref="NotOwnedException">A ConfigMap of that name belongs to somebody else.</exception>
    public async Task<WrittenTopology> SaveAsync(
        V1ObjectMeta metadata, TopologyDocument document, V1ConfigMap? cached, WrittenTopology? written, CancellationToken cancellationToken)
    {
        var map = TopologyConfigMap.Build(metadata, document);
        var isNew = cached is null && IsMissing(cached, written);
        if (!isNew)
        {
            // The cache may not show yet what was written last.
            map.Metadata.ResourceVersion = written is not null && written.Document.Generation > (Read(cached)?.Generation ?? 0)
                ? written.ResourceVersion
                : cached!.Metadata.ResourceVersion;
        }

        var stored = isNew ? await CreateAsync(map, cancellationToken) : await client.ReplaceAsync(map, cancellationToken);
        LogStored(document.Cache, document.Generation, document.Members.Count, document.Copies.Count);
        return new WrittenTopology(document, stored.Metadata.ResourceVersion, time.GetUtcNow());
    }

    private async Task<V1ConfigMap> CreateAsync(V1ConfigMap map, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CreateAsync(map, cancellationToken);
        }
        catch (ApiException e) when (e.Reason == "AlreadyExists")
        {
            throw new NotOwnedException(ResourceKind.Of<V1ConfigMap>(), ObjectKey.Of(map), "somebody else");
        }
    }

    private TopologyDocument? Read(V1ConfigMap? map)
    {
        if (map is null) return null;
        try
        {
            return TopologyConfigMap.Read(map);
        }
        catch (TopologyException e)
        {
            LogUnreadable(map.Metadata.NamespaceProperty, map.Metadata.Name, e.Message);
            return null;
        }
    }

    [LoggerMessage(2210, LogLevel.Information, "Topology of {Cache}: generation {Generation} stored ({Members} members, {Copies} copies)")]
    private partial void LogStored(string cache, long generation, int members, int copies);

    [LoggerMessage(2211, LogLevel.Error, "ConfigMap {Namespace}/{Name} holds no usable topology and is written anew: {Problem}")]
    private partial void LogUnreadable(string @namespace, string name, string problem);
}
