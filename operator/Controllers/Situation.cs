using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Settings;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Controllers;

/// <summary>A cache as it is asked for and as it is, at the beginning of a reconcile.</summary>
internal sealed record Situation
{
    public required ReplicatedCache Cache { get; init; }

    public required CacheSession Session { get; init; }

    public required CacheObservation Observed { get; init; }

    /// <summary>The topology in force; null before the first.</summary>
    public TopologyDocument? Document { get; init; }

    /// <summary>The stored copy is seen to be that topology.</summary>
    public bool IsStored { get; init; }

    /// <summary>What runs where the spec names no image.</summary>
    public required DefaultImagesStatus Images { get; init; }

    /// <summary>Those of them that a new cache would not get, in words.</summary>
    public IReadOnlyList<string> OutdatedImages { get; init; } = [];

    /// <summary>How its objects are to look; null while the spec is not valid.</summary>
    public RenderContext? Context { get; init; }

    /// <summary>What is wrong with the spec.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    public bool Paused => Cache.Spec.Paused == true;

    /// <summary>The settings in force: those of the spec, or while it is not valid the last ones known.</summary>
    public CacheSettings? Settings => Context?.Settings ?? Session.LastValid;
}
