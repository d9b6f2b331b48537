namespace CacheOperator.Operator.Topology;

/// <summary>Since when a proxy has acted by its generations, as far as that is still of interest. Filled by one reconcile at a time.</summary>
internal sealed class GenerationHistory
{
    private readonly List<(long Generation, DateTimeOffset Since)> _steps = [];

    /// <inheritdoc cref="ObservedProxy.SettledGeneration"/>
    public long Settled { get; private set; }

    /// <summary>It acts by this generation now, and takes traffic.</summary>
    public void Add(long generation, DateTimeOffset now)
    {
        if (_steps.Count == 0 || generation > _steps[^1].Generation) _steps.Add((generation, now));
        var settled = _steps.FindLastIndex(step => now - step.Since >= ObservedProxy.SilenceLimit);
        if (settled < 0) return;
        Settled = _steps[settled].Generation;
        _steps.RemoveRange(0, settled);
    }
}
