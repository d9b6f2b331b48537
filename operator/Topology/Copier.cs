using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>Who copies from where.</summary>
internal sealed record Copier(Member Source, string Proxy);
