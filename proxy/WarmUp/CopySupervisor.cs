using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Keeps exactly the copies running that the topology lists under this proxy's name.</summary>
internal sealed class CopySupervisor(string proxyName, CopyLimits limits, TimeProvider time, CopyLog log) : ICopySupervisor
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Run> _listed = [];
    private readonly List<Task> _ending = [];

    public IReadOnlyList<CopyStatus> Statuses
    {
        get
        {
            lock (_lock)
                return [.. _listed.Values.Select(run => run.Copy.Status)];
        }
    }

    public void Apply(TopologyDocument applied)
    {
        var assigned = applied.Copies.Where(copy => copy.Proxy == proxyName).ToDictionary(copy => copy.Id);
        lock (_lock)
        {
            foreach (var id in _listed.Keys.Where(id => !assigned.ContainsKey(id)).ToList())
                Stop(id);
            foreach (var assignment in assigned.Values.Where(copy => !_listed.ContainsKey(copy.Id)))
                Start(assignment, applied);
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

    private void Start(CopyAssignment assignment, TopologyDocument document)
    {
        var source = document.Members.Single(member => member.Uid == assignment.Source);
        var target = document.Members.Single(member => member.Uid == assignment.Target);
        var copy = new Copy(new CopyPlan(assignment, source, target, FilterOf(target.Shard, document.Shards)), limits, time, log);
        var stop = new CancellationTokenSource();
        _listed.Add(assignment.Id, new Run(copy, Task.Run(() => copy.RunAsync(stop.Token)), stop));
    }

    private void Stop(string id)
    {
        _listed.Remove(id, out var run);
        _ending.RemoveAll(task => task.IsCompleted);
        _ending.Add(EndAsync(run!));
    }

    /// <summary>Leftovers of another number of shards stay where they are.</summary>
    private static KeyFilter FilterOf(int shard, int shards) =>
        shards == 1 ? static _ => true : key => JumpHash.Shard(KeyHash.Of(key), shards) == shard;

    private static async Task EndAsync(Run run)
    {
        await run.Stop.CancelAsync();
        await run.Ended;
        run.Stop.Dispose();
    }

    private sealed record Run(Copy Copy, Task Ended, CancellationTokenSource Stop);
}
