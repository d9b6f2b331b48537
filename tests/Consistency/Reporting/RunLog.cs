namespace CacheOperator.Consistency.Reporting;

/// <summary>Faults and decisions in their order, for the stories of violations.</summary>
internal sealed class RunLog(RunClock clock)
{
    private readonly Lock _lock = new();
    private readonly List<(long Moment, string Text)> _entries = [];

    public void Add(string text)
    {
        lock (_lock) _entries.Add((clock.Now, text));
    }

    public IReadOnlyList<(long Moment, string Text)> Between(long from, long to)
    {
        lock (_lock) return [.. _entries.Where(entry => entry.Moment >= from && entry.Moment <= to)];
    }
}
