using CacheOperator.Operator.Api;
using CacheOperator.Operator.Autoscaling;
using CacheOperator.Operator.NodeLoss;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>Everything that the status is computed from.</summary>
internal sealed record StatusInput
{
    public bool Paused { get; init; }

    /// <summary>What is wrong with the spec; empty when it is in force.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Objects that the server refused.</summary>
    public IReadOnlyList<string> ApplyErrors { get; init; } = [];

    /// <summary>Null before the first is stored.</summary>
    public TopologyDocument? Document { get; init; }

    /// <summary>The zones wanted; the document may still have others.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Zones of nodes that suit the cache, which it was left to discover its zones on and does not use.</summary>
    public IReadOnlyList<string> UnusedZones { get; init; } = [];

    public DefaultImagesStatus? DefaultImages { get; init; }

    /// <summary>Images that the operator would give a new cache and this one does not have, in words.</summary>
    public IReadOnlyList<string> OutdatedImages { get; init; } = [];

    /// <summary>Null when their number is not to be chosen by an autoscaler.</summary>
    public ProxyAutoscalingState? ProxyAutoscaling { get; init; }

    /// <summary>Null when their number is not to be chosen by the load.</summary>
    public ShardScaling? ShardScaling { get; init; }

    public int DesiredProxies { get; init; }

    public int ReadyProxies { get; init; }

    public IReadOnlyList<ObservedProxy> Proxies { get; init; } = [];

    public IReadOnlyList<PodProblem> Problems { get; init; } = [];

    public IReadOnlyList<NodeLossDecision> NodeLoss { get; init; } = [];

    /// <summary>Pods whose gate was opened by its deadline.</summary>
    public IReadOnlyList<string> TimedOut { get; init; } = [];

    /// <summary>What is being rolled out, in words; null when nothing is.</summary>
    public string? Rollout { get; init; }

    /// <summary>Who is given more memory in place, in words; null when nobody is.</summary>
    public string? Growth { get; init; }

    public string? Endpoint { get; init; }

    public string? Selector { get; init; }
}
