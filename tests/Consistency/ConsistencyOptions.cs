namespace CacheOperator.Consistency;

internal sealed record ConsistencyOptions
{
    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(1);

    public required int Seed { get; init; }

    /// <summary>What the proxies lack; null for nothing.</summary>
    public Safeguard? Without { get; init; }

    /// <summary>Whether the proxies compare members and mend what differs: not when a safeguard is to be missed.</summary>
    public bool IsComparing => Without is null;

    /// <summary>The run ends after this many violations.</summary>
    public int MaxViolations { get; init; } = 5;

    /// <summary>Where the proxies' logs go when something was wrong.</summary>
    public required string LogFolder { get; init; }

    public required Profile Profile { get; init; }
}
