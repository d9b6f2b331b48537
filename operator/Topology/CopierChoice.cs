using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>Pairs of a source and a proxy for one target, the best first.</summary>
/// <param name="draft">The plan.</param>
/// <param name="target">The member to be filled.</param>
/// <param name="attempt">Another one begins with another source and another proxy, where there are several.</param>
internal sealed class CopierChoice(PlanDraft draft, Member target, long attempt)
{
    private readonly List<Copier> _chosen = [];

    /// <param name="mustBeIdle">Only a source that nobody copies from, and a proxy that does not copy to this target.</param>
    /// <returns>Null when there is none.</returns>
    public Copier? Next(bool mustBeIdle)
    {
        var sources = draft.ReadyReplicas(target.Shard).Where(draft.Fleet.IsReachableByAny).OrderBy(m => CopyPlanner.Distance(draft, target, m)).ToList();
        foreach (var source in From(sources).OrderBy(IsBusy))
        {
            if (mustBeIdle && IsBusy(source)) break;
            var proxy = From(ProxyChoice.Find(draft, target.Zone, source, target)).OrderBy(CopiesAlready).FirstOrDefault();
            if (proxy is null || (mustBeIdle && CopiesAlready(proxy))) continue;
            var copier = new Copier(source, proxy.Name);
            _chosen.Add(copier);
            return copier;
        }

        return null;
    }

    private IEnumerable<T> From<T>(IReadOnlyList<T> list) => list.Select((_, i) => list[(int)((attempt + i) % list.Count)]);

    private bool IsBusy(Member source) => _chosen.Any(c => c.Source.Uid == source.Uid) || draft.Copies.Any(c => c.Source == source.Uid && draft.Fleet.Progress(c) is not { Phase: CopyPhase.Succeeded });

    private bool CopiesAlready(ObservedProxy proxy) => _chosen.Any(c => c.Proxy == proxy.Name) || draft.Copies.Any(c => c.Target == target.Uid && c.Proxy == proxy.Name);
}
