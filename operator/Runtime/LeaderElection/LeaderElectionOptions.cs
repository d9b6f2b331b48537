namespace CacheOperator.Operator.Runtime.LeaderElection;

/// <summary>Who leads, and how fast a silent leader is replaced.</summary>
internal sealed class LeaderElectionOptions
{
    /// <summary>False runs without a lease: for a single copy on somebody's desk.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Namespace of the lease: the operator's own.</summary>
    public string Namespace { get; set; } = "default";

    public string LeaseName { get; set; } = "cache-operator";

    /// <summary>
    /// This process's name in the lease. In a pod the pod's name: a restarted container may take up its own lease at once,
    /// since the process that held it is dead.
    /// </summary>
    public string Identity { get; set; } = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    /// <summary>After this time without a renewal others take the lease.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for this long stops leading. Less than the lease's duration, so that it stops first.</summary>
    public TimeSpan RenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a leader renews.</summary>
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the others look, at most: for so long a lease that was given back may lie there. A look is one small read.</summary>
    public TimeSpan LookPeriod { get; set; } = TimeSpan.FromSeconds(1);
}
