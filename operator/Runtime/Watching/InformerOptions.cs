using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>What to watch of a kind, and how patiently.</summary>
internal sealed class InformerOptions
{
    /// <summary>Only objects with these labels; null for all.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>Name of the label by which <see cref="IResourceCache{T}.List(Client.ObjectKey)"/> finds objects; null for none.</summary>
    public string? GroupLabel { get; set; }

    /// <summary>Drops from an object what nobody here reads, before it is kept; null for nothing.</summary>
    public Action<IKubernetesObject<V1ObjectMeta>>? Trim { get; set; }

    /// <summary>The kind has no namespaces (nodes): it is watched cluster-wide even in a namespaced install.</summary>
    public bool ClusterScoped { get; set; }

    /// <summary>
    /// The operator works without this kind: when the server lacks it or forbids it, the cache is empty and the operator
    /// ready all the same. When not optional, the operator stays unready and says why.
    /// </summary>
    public bool Optional { get; set; }

    /// <summary>The namespaces to watch; empty for all. The runtime fills it in from its own options.</summary>
    public IReadOnlyList<string> Namespaces { get; set; } = [];

    /// <summary>Objects asked for at once in a list: each page is held in several forms at a time.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>How long a watch lasts at least and at most before the server is asked to end it; drawn at random between.</summary>
    public TimeSpan WatchTimeoutLow { get; set; } = TimeSpan.FromSeconds(240);

    public TimeSpan WatchTimeoutHigh { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// A watch that shows nothing for so long, not even a bookmark, is taken for dead and opened again.
    /// The server sends a bookmark about every minute.
    /// </summary>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(150);

    /// <summary>Waits after failures.</summary>
    public Backoff Reconnect { get; set; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>How often to ask again for a kind that the server does not serve.</summary>
    public TimeSpan NotServedRetry { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a kind that was served must be missing before that is believed: a starting API server
    /// does not know its custom kinds at first, and taking that for "all deleted" would be grave.
    /// </summary>
    public TimeSpan NotServedGrace { get; set; } = TimeSpan.FromSeconds(60);
}
