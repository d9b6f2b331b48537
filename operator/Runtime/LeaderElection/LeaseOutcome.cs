namespace CacheOperator.Operator.Runtime.LeaderElection;

internal enum LeaseOutcome
{
    /// <summary>The lease is ours from now on for its duration.</summary>
    Held,

    /// <summary>Somebody else holds it.</summary>
    HeldByOther,

    /// <summary>Not known: the server did not answer, or another write came first.</summary>
    Failed,
}
