namespace CacheOperator.Consistency.Checking;

/// <summary>What a check has found.</summary>
internal sealed class Findings
{
    public List<Violation> Violations { get; } = [];

    /// <summary>How often what is documented was seen.</summary>
    public Dictionary<Allowance, int> Allowances { get; } = [];

    /// <summary>Checks made, by what they are about.</summary>
    public Dictionary<string, long> Checks { get; } = [];

    public void Allow(Allowance allowance) => Allowances[allowance] = Allowances.GetValueOrDefault(allowance) + 1;

    public void Count(string check, long number = 1) => Checks[check] = Checks.GetValueOrDefault(check) + number;

    public void Add(Findings other)
    {
        Violations.AddRange(other.Violations);
        foreach (var (allowance, count) in other.Allowances) Allowances[allowance] = Allowances.GetValueOrDefault(allowance) + count;
        foreach (var (check, count) in other.Checks) Count(check, count);
    }
}
