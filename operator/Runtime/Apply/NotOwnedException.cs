using CacheOperator.Operator.Runtime.Client;

namespace CacheOperator.Operator.Runtime.Apply;

/// <summary>The name is taken by an object that this operator did not make, or made for an earlier owner of the same name.</summary>
internal sealed class NotOwnedException(ResourceKind kind, ObjectKey key, string holder)
    : Exception($"{kind} {key} exists and belongs to {holder}; it is left alone. Remove or rename it, and the operator goes on by itself.");
