namespace CacheOperator.Topology;

/// <summary>A topology document that cannot be used; the message names every fault in it.</summary>
public sealed class TopologyException(string message, Exception? inner = null) : Exception(message, inner);
