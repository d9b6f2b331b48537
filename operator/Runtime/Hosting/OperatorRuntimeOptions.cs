using CacheOperator.Operator.Runtime.LeaderElection;

namespace CacheOperator.Operator.Runtime.Hosting;

/// <summary>How the operator connects and runs.</summary>
internal sealed class OperatorRuntimeOptions
{
    /// <summary>A kubeconfig file; null: the pod's service account, else <c>KUBECONFIG</c> or <c>~/.kube/config</c>.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>The namespaces to look after; empty for all. Roles must allow what is named here, and need allow no more.</summary>
    public IReadOnlyList<string> Namespaces { get; set; } = [];

    public LeaderElectionOptions LeaderElection { get; } = new();

    /// <exception cref="ArgumentException">Something does not fit; all of it is named.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        var election = LeaderElection;
        if (Kubeconfig is not null && !File.Exists(Kubeconfig))
            errors.Add($"kubeconfig: there is no file {Kubeconfig}");
        if (Namespaces.Any(string.IsNullOrWhiteSpace))
            errors.Add("namespaces: one of them is empty");
        if (string.IsNullOrWhiteSpace(election.Identity))
            errors.Add("leader election: the identity is empty");
        if (election.RetryPeriod <= TimeSpan.Zero || election.RenewDeadline <= election.RetryPeriod || election.LeaseDuration <= election.RenewDeadline)
            errors.Add($"leader election: want 0 < retry period ({election.RetryPeriod}) < renew deadline ({election.RenewDeadline}) < lease duration ({election.LeaseDuration})");
        if (election.LookPeriod <= TimeSpan.Zero)
            errors.Add($"leader election: the look period ({election.LookPeriod}) must be longer than nothing");
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, errors));
    }
}
