using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A proxy's pod as the API server shows it, and what the proxy itself answered.</summary>
internal sealed record ObservedProxy
{
    /// <summary>
    /// A proxy that is silent for so long, and whose pod is not ready either, is not counted on: no Service leads to it, and its node has
    /// probably died. One that is silent but ready may serve, and is waited for. Longer than a proxy takes to see that its topology is outdated,
    /// and to serve nobody any more.
    /// </summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(20);

    public required string Name { get; init; }

    public string? Node { get; init; }

    /// <summary>Its container runs and its pod has an address, so it may be serving.</summary>
    public bool Running { get; init; }

    public bool PodReady { get; init; }

    /// <summary>The last answer; null before the first.</summary>
    public ProxyStatus? Status { get; init; }

    /// <summary>How long ago the last answer came, or since when one was asked for in vain.</summary>
    public TimeSpan SilentFor { get; init; }

    /// <summary>
    /// The newest generation that it has acted by for <see cref="SilenceLimit"/>, taking traffic: for so long every member that it reaches has
    /// shown it to other proxies.
    /// </summary>
    public long SettledGeneration { get; init; }

    /// <summary>Whether it may be serving, so that what every proxy must know has to wait for it.</summary>
    public bool IsLive => Running && (PodReady || SilentFor < SilenceLimit);
}
