using CacheOperator.Consistency.Clients;

namespace CacheOperator.Consistency.Fleets;

/// <summary>What the fleet went through in one round, as far as it decides what clients were promised meanwhile.</summary>
internal sealed class Conditions
{
    private readonly Lock _lock = new();
    private readonly List<(int Shard, long From, long To)> _disturbed = [];
    private readonly List<(int Shard, long From, long To)> _divided = [];
    private readonly List<(long From, long To)> _pauses = [];
    private readonly Dictionary<ProxyRun, long> _killed = [];
    private readonly List<(int Shard, long From, long To)> _weakened = [];

    /// <summary>When the round began; shortly before, all that members held was read.</summary>
    public long Began { get; init; } = long.MinValue;

    /// <summary>Some proxy did not reach some replica, or owed it writes.</summary>
    public void Disturbed(int shard, long from, long to)
    {
        lock (_lock) _disturbed.Add((shard, from, to));
    }

    /// <summary>Proxies saw the replicas differently: which of them can be reached, lack nothing, are Ready.</summary>
    public void Divided(int shard, long from, long to)
    {
        lock (_lock) _divided.Add((shard, from, to));
    }

    /// <summary>Nobody planned.</summary>
    public void Paused(long from, long to)
    {
        lock (_lock) _pauses.Add((from, to));
    }

    /// <summary>A proxy was killed, with whatever it remembered.</summary>
    public void Killed(ProxyRun proxy, long moment)
    {
        lock (_lock) _killed[proxy] = moment;
    }

    /// <summary>More than one replica was in trouble at a time: what is left may lack something.</summary>
    public void Weakened(int shard, long from, long to)
    {
        lock (_lock) _weakened.Add((shard, from, to));
    }

    public bool WasDisturbed(int shard, long from, long to) => Overlaps(_disturbed, shard, from, to);

    public bool WasDivided(int shard, long from, long to) => Overlaps(_divided, shard, from, to);

    public bool WasWeakened(int shard, long from, long to) => Overlaps(_weakened, shard, from, to);

    /// <summary>Whether the proxy was killed so soon after that nobody may have learned what it owed.</summary>
    public bool WasKilledAfter(ProxyRun proxy, long moment, long within)
    {
        lock (_lock) return _killed.TryGetValue(proxy, out var killed) && moment > killed - within;
    }

    /// <summary>How long nobody planned in this time.</summary>
    public long PausedIn(long from, long to)
    {
        lock (_lock) return _pauses.Sum(pause => Math.Max(0, Math.Min(pause.To, to) - Math.Max(pause.From, from)));
    }

    private bool Overlaps(List<(int Shard, long From, long To)> times, int shard, long from, long to)
    {
        lock (_lock) return times.Exists(time => time.Shard == shard && time.From <= to && time.To >= from);
    }
}
