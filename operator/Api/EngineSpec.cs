namespace CacheOperator.Operator.Api;

/// <summary>The memcached containers.</summary>
internal sealed record EngineSpec
{
    /// <summary>Image; null: the operator's default.</summary>
    public string? Image { get; init; }

    /// <summary>Worker threads.</summary>
    public int? Threads { get; init; }

    /// <summary>Largest number of connections to one member.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>More arguments for memcached, after the operator's own.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Takes precedence, entry by entry, over what follows from the memory.</summary>
    public ResourcesSpec? Resources { get; init; }
}
