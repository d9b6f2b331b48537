using CacheOperator.Operator.Runtime.Client;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>Keeps one kind's cache up to date; what the host runs and the health checks look at.</summary>
internal interface IInformer
{
    ResourceKind Kind { get; }

    bool Optional { get; }

    /// <summary>The worst state among the watched namespaces.</summary>
    InformerState State { get; }

    /// <summary>True when what reads the cache can start: complete, or optional and not to be had.</summary>
    bool HasSynced { get; }

    /// <summary>When the loop last did anything at all, failures included: an old time means that it hangs.</summary>
    DateTimeOffset LastActivity { get; }

    /// <summary>Follows the server until cancelled. Never throws for what the server does.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Completes when <see cref="HasSynced"/> is true for the first time.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
