namespace CacheOperator.Consistency.Clients;

/// <summary>How often clients do what: relative weights.</summary>
internal sealed record Mix
{
    public int Read { get; init; } = 44;

    public int Set { get; init; } = 24;

    /// <summary>Each of <c>add</c>, <c>replace</c> and <c>cas</c>.</summary>
    public int Conditional { get; init; } = 5;

    public int Delete { get; init; } = 12;

    /// <summary><c>touch</c> and <c>gat</c>.</summary>
    public int Touch { get; init; } = 4;

    /// <summary>Of a hundred operations, how many go to the many cold keys.</summary>
    public int ColdPercent { get; init; } = 45;
}
