namespace CacheOperator.Testbed.Clusters;

/// <summary>A Kubernetes cluster to try the operator on.</summary>
public interface ITestCluster
{
    /// <summary>Path of its kubeconfig.</summary>
    string Kubeconfig { get; }

    /// <summary>Why its nodes cannot be stopped; null when they can.</summary>
    string? WhyNodesStay { get; }

    /// <summary>Why its machines are out of reach, that is their programs, cables and API server; null when they are not.</summary>
    string? WhyMachinesAreOutOfReach { get; }

    /// <summary>Powers a node off: nothing on it says goodbye.</summary>
    Task StopNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>Powers a stopped node on again, or puts the cable of one that is cut off back; any other is left alone.</summary>
    Task StartNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>Cuts a node off from all others and from the API server; everything on it runs on.</summary>
    Task PartitionNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>Kills the API server, which stays away until <see cref="StartApiServerAsync"/>.</summary>
    void StopApiServer();

    /// <summary>Brings the API server back and waits until it answers; one that runs is left alone.</summary>
    Task StartApiServerAsync(CancellationToken cancellationToken);

    /// <summary>Kills a program in a pod as <c>kill -9</c> does.</summary>
    /// <param name="podUid">UID of the pod.</param>
    /// <param name="program">Its name, such as <c>memcached</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task KillAsync(string podUid, string program, CancellationToken cancellationToken);
}
