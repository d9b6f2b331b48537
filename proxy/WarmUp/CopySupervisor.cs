using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Keeps exactly the copies and purges running that the topology lists under this proxy's name.</summary>
internal sealed class CopySupervisor(string proxyName, CopyLimits limits, ReadHeat heat, TimeProvider time, CopyLog log) : ICopySupervisor
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Run> _listed = [];
    private readonly List<Task> _ending = [];

    public IReadOnlyList<CopyStatus> Statuses
    {
        get
        {
            lock (_lock)
                return [.. _listed.Values.Select(run => run.Work.Status)];
        }
    }

    public void Apply(TopologyDocument applied)
    {
        var placement = KeyPlacement.Of(applied);
        var assigned = applied.Copies.Where(copy => copy.Proxy == proxyName).Select(copy => (copy.Id, Make: (Func<AssignedWork>)(() => CopyOf(copy, applied, placement))))
            .Concat(applied.Purges.Where(purge => purge.Proxy == proxyName).Select(purge => (purge.Id, Make: (Func<AssignedWork>)(() => PurgeOf(purge, applied, placement)))))
            .ToDictionary(work => work.Id, work => work.Make);
        lock (_lock)
        {
            foreach (var id in _listed.Keys.Where(id => !assigned.ContainsKey(id)).ToList())
                Stop(id);
            foreach (var (id, make) in assigned.Where(work => !_listed.ContainsKey(work.Key)))
                Start(id, make());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_lock)
        {
            foreach (var id in _listed.Keys.ToList())
                Stop(id);
            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
    }

    private static Member Find(TopologyDocument document, string uid) => document.Members.Single(member => member.Uid == uid);

    private Copy CopyOf(CopyAssignment assignment, TopologyDocument document, KeyPlacement placement)
    {
        var (source, target) = (Find(document, assignment.Source), Find(document, assignment.Target));
        var isMove = source.Shard != target.Shard;
        var filter = FilterOf(source.Shard, target.Shard, assignment.Part, placement);
        KeyFilter? strays = isMove || placement.Owning == 1
            ? null
            : key => KeyHash.Of(key) is var hash && placement.OwnerOf(hash) != target.Shard && KeyParts.Holds(assignment.Part, hash);
        return new Copy(new CopyPlan(assignment, source, target, filter, strays, isMove ? placement.Other : 1), limits, heat, time, log);
    }

    private Purge PurgeOf(PurgeAssignment assignment, TopologyDocument document, KeyPlacement placement)
    {
        var member = Find(document, assignment.Member);
        return new Purge(assignment, member, key => placement.OwnerOf(KeyHash.Of(key)) != member.Shard, limits, time, log);
    }

    private void Start(string id, AssignedWork work)
    {
        var stop = new CancellationTokenSource();
        _ending.RemoveAll(task => task.IsCompleted);

        // What this proxy did before must not disturb it.
        var before = Task.WhenAll(_ending);
        _listed.Add(id, new Run(work, Task.Run(() => RunAsync(work, before, stop.Token)), stop));
    }

    private void Stop(string id)
    {
        _listed.Remove(id, out var run);
        _ending.RemoveAll(task => task.IsCompleted);
        _ending.Add(EndAsync(run!));
    }

    /// <summary>What the target's shard owns; from another shard, what that one owns and is about to leave for the target's. All else stays where it is.</summary>
    private static KeyFilter FilterOf(int source, int target, KeyPart? part, KeyPlacement placement)
    {
        if (source == target && part is null && placement.Owning == 1) return static _ => true;
        if (source == target) return key => KeyHash.Of(key) is var hash && placement.OwnerOf(hash) == target && KeyParts.Holds(part, hash);
        return key => KeyHash.Of(key) is var hash && placement.OwnerOf(hash) == source && placement.OtherOf(hash) == target;
    }

    private static async Task RunAsync(AssignedWork work, Task before, CancellationToken stopped)
    {
        await before;
        await work.RunAsync(stopped);
    }

    private static async Task EndAsync(Run run)
    {
        await run.Stop.CancelAsync();
        await run.Ended;
        run.Stop.Dispose();
    }

    private sealed record Run(AssignedWork Work, Task Ended, CancellationTokenSource Stop);
}
