namespace CacheOperator.Consistency.Clients;

/// <summary>One process of a proxy.</summary>
/// <param name="Name">The proxy.</param>
/// <param name="Start">Counts its processes, from 1.</param>
internal readonly record struct ProxyRun(string Name, int Start)
{
    public override string ToString() => Start == 1 ? Name : $"{Name} (process {Start})";
}
