namespace CacheOperator.Benchmarks.Load;

/// <summary>What a number of clients do over and over.</summary>
internal sealed record Workload
{
    /// <summary>Bytes that a key space should hold: beyond that, more keys would only make the preparation longer.</summary>
    private const int KeySpaceBytes = 16 << 20;

    private const int MostKeys = 100_000;

    /// <summary>Divides the number of keys, so that whole batches cover them all.</summary>
    private const int KeyGroup = 32;

    public required Mix Mix { get; init; }

    /// <summary>Requests that a client sends before it waits for the replies; it waits for all of them.</summary>
    public int Pipeline { get; init; } = 1;

    /// <summary>Keys of a single get.</summary>
    public int KeysPerGet { get; init; } = 1;

    /// <summary>Connections, each with a pipeline of its own.</summary>
    public required int Clients { get; init; }

    /// <summary>Bytes of every value.</summary>
    public required int ValueSize { get; init; }

    /// <summary>Keys in use, all of the same length.</summary>
    public int Keys => Math.Min(MostKeys, KeySpaceBytes / ValueSize / KeyGroup * KeyGroup);

    /// <summary>Writes every key of the same key space.</summary>
    public Workload Fill => this with { Mix = Mix.Set, Pipeline = KeyGroup, KeysPerGet = 1 };

    /// <summary>Whether requests come in groups, which a proxy can handle together.</summary>
    public bool IsBatched => Pipeline > 1 || KeysPerGet > 1;
}
