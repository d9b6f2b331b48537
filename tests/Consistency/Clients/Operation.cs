using CacheOperator.Consistency.Keys;

namespace CacheOperator.Consistency.Clients;

/// <summary>What a client did with one key, and what came of it. Moments are microseconds since the run began.</summary>
internal sealed class Operation
{
    /// <summary>For operations that are not over: as if they lasted for ever.</summary>
    public const long Never = long.MaxValue;

    public required OperationKind Kind { get; init; }

    /// <summary>Null for <see cref="OperationKind.Flush"/>.</summary>
    public Key? Key { get; init; }

    /// <summary>The command without the value.</summary>
    public required string Text { get; init; }

    /// <summary>Number of the write, by which its value is recognised; 0 for what stores nothing.</summary>
    public long Write { get; init; }

    /// <summary>Seconds; 0 for none.</summary>
    public int Exptime { get; init; }

    /// <summary>The token of <c>cas</c>.</summary>
    public ulong Token { get; init; }

    public string Client { get; set; } = "";

    public ProxyRun Proxy { get; set; }

    public long Began { get; set; }

    public long Ended { get; set; } = Never;

    public Outcome Outcome { get; set; }

    public string Answer { get; set; } = "no answer";

    /// <summary>The mark of what was stored or read, see <see cref="Values"/>; 0 for none.</summary>
    public long Mark { get; set; }

    /// <summary>The item's version as the answer tells it; 0 when it does not.</summary>
    public ulong Version { get; set; }

    /// <summary>The item's flags as the answer tells them.</summary>
    public uint? Flags { get; set; }

    /// <summary>What was read, of a log.</summary>
    public string? Log { get; set; }

    public bool IsRead => Kind is OperationKind.Get or OperationKind.GetAndTouch;

    /// <summary>Whether it gives an item another time to live.</summary>
    public bool Touches => Kind is OperationKind.Touch or OperationKind.GetAndTouch;

    /// <summary>Whether it puts a value of its own in place of what was there.</summary>
    public bool Stores => Kind is OperationKind.Set or OperationKind.Add or OperationKind.Replace or OperationKind.Cas;

    /// <summary>Whether, once made, nothing older may be seen any more.</summary>
    public bool Overwrites => Stores || Kind is OperationKind.Append or OperationKind.Count or OperationKind.Delete;

    /// <summary>Whether it may leave nothing behind, at once or later.</summary>
    public bool Removes => Kind is OperationKind.Delete or OperationKind.Flush || Exptime != 0;

    /// <summary>Whether the key's primary decides it.</summary>
    public bool IsConditional => Kind is OperationKind.Add or OperationKind.Replace or OperationKind.Cas or OperationKind.Append or OperationKind.Count;
}
