namespace CacheOperator.Operator.Runtime.Reconciling;

/// <summary>Work that only the leader does, for as long as it leads: reconcile loops, and loops of your own.</summary>
internal interface ILeaderTask
{
    /// <summary>For logs.</summary>
    string Name { get; }

    /// <summary>
    /// Runs until cancelled, which is when leadership ends. Starts after every cache is complete. May run again later.
    /// If it throws or returns before, it is started again with backoff.
    /// </summary>
    Task RunAsync(CancellationToken cancellationToken);
}
