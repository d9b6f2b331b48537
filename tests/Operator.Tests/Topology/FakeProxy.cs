using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>A proxy as the operator sees it: it applies what it is given and reports on members and copies.</summary>
internal sealed class FakeProxy(FakeFleet fleet, string name, string zone)
{
    private readonly Dictionary<string, CopyStatus> _copies = [];
    private readonly Dictionary<(string Uid, long Epoch), long> _missed = [];
    private readonly Dictionary<(string Uid, long Epoch), long> _hints = [];
    private readonly GenerationHistory _generations = new();
    private TopologyDocument? _document;

    public string Name => name;

    public string Zone => zone;

    public long Generation => _document?.Generation ?? 0;

    /// <summary>Answers the operator.</summary>
    public bool Answers { get; set; } = true;

    public bool PodReady { get; set; } = true;

    public bool Running { get; set; } = true;

    public TimeSpan SilentFor { get; set; }

    /// <summary>What members show it.</summary>
    public long NewerGeneration { get; set; }

    /// <summary>UIDs that it cannot reach.</summary>
    public HashSet<string> Unreachable { get; } = [];

    /// <summary>For how long it has not reached those.</summary>
    public long UnreachableSeconds { get; set; }

    /// <summary>What it met at its last connect, when that is not what runs now.</summary>
    public Dictionary<string, string> StaleProcesses { get; } = [];

    public void Apply(TopologyDocument document)
    {
        if (!Answers || document.Generation <= (_document?.Generation ?? 0)) return;
        _document = document;
        foreach (var id in _copies.Keys.Where(id => document.Copies.All(c => c.Id != id) && document.Purges.All(p => p.Id != id)).ToList()) _copies.Remove(id);
    }

    /// <summary>The process is a new one and has read an old file.</summary>
    public void RestartWith(TopologyDocument? document)
    {
        _document = document;
        _copies.Clear();
        _missed.Clear();
        _hints.Clear();
    }

    public void Miss(Member member, long writes = 1) => _missed[(member.Uid, member.Epoch)] = writes;

    /// <summary>It remembers writes that the member missed.</summary>
    public void Hint(Member member, long keys = 1) => _hints[(member.Uid, member.Epoch)] = keys;

    public void Report(string copy, CopyPhase phase, string? error = null, long processed = 10) => _copies[copy] = new CopyStatus
    {
        Id = copy,
        Phase = phase,
        StartedAt = fleet.Now,
        FinishedAt = phase == CopyPhase.Running ? null : fleet.Now,
        Total = 10,
        Processed = processed,
        Error = error,
    };

    public ObservedProxy Observe()
    {
        if (Answers && PodReady && _document is not null) _generations.Add(_document.Generation, fleet.Now);
        return new ObservedProxy
        {
            Name = name,
            Node = $"node-{zone}",
            Running = Running,
            PodReady = PodReady,
            SilentFor = SilentFor,
            SettledGeneration = _generations.Settled,
            Status = Status(),
        };
    }

    public ProxyStatus Status() => new()
    {
        Name = name,
        Version = "test",
        Zone = zone,
        Generation = _document?.Generation ?? 0,
        Ready = PodReady,
        NewerGeneration = NewerGeneration,
        StartedAt = DateTimeOffset.UnixEpoch,
        Members = [.. _document?.Members.Where(m => m.Address is not null).Select(Report) ?? []],
        Copies = [.. _copies.Values],
    };

    private MemberStatus Report(Member member)
    {
        var exists = fleet.Pods.Any(p => p.Uid == member.Uid);
        var isReachable = exists && !Unreachable.Contains(member.Uid);
        var process = StaleProcesses.GetValueOrDefault(member.Uid) ?? fleet.Processes.GetValueOrDefault(member.Uid);
        var hints = _hints.GetValueOrDefault((member.Uid, member.Epoch));
        var missed = _missed.GetValueOrDefault((member.Uid, member.Epoch));
        return new MemberStatus
        {
            Uid = member.Uid,
            Incarnation = process,
            Reachable = isReachable,
            UnreachableSeconds = isReachable ? 0 : UnreachableSeconds,
            ServesReads = member.State == MemberState.Ready && missed == 0 && hints == 0,
            Epoch = member.Epoch,
            MissedWrites = missed,
            Hints = hints,
        };
    }
}
