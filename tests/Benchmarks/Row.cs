using CacheOperator.Benchmarks.Load;

namespace CacheOperator.Benchmarks;

/// <summary>One line of the comparison: a workload, and threads or loops for those that can have several.</summary>
internal sealed record Row(Workload Workload, int Threads = 1)
{
    /// <summary>Unique, and what <c>--only</c> matches.</summary>
    public string Name
    {
        get
        {
            var verb = (Workload.Mix, Workload.KeysPerGet) switch
            {
                (Mix.Get, 1) => "get",
                (Mix.Get, var keys) => $"get{keys}",
                (Mix.Set, _) => "set",
                _ => "mix",
            };
            var size = Workload.ValueSize < 1024 ? $"{Workload.ValueSize}B" : $"{Workload.ValueSize >> 10}K";
            var threads = Threads == 1 ? string.Empty : $" t{Threads}";
            return $"{verb} p{Workload.Pipeline} c{Workload.Clients} {size}{threads}";
        }
    }
}
