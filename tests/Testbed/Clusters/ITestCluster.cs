namespace CacheOperator.Testbed.Clusters;

/// <summary>A Kubernetes cluster to try the operator on.</summary>
public interface ITestCluster
{
    /// <summary>Path of its kubeconfig.</summary>
    string Kubeconfig { get; }

    /// <summary>Why its nodes cannot be stopped; null when they can.</summary>
    string? WhyNodesStay { get; }

    /// <summary>Why programs on its nodes cannot be killed; null when they can.</summary>
    string? WhyProgramsStay { get; }

    /// <summary>Powers a node off: nothing on it says goodbye.</summary>
    Task StopNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>Powers a stopped node on again; a running one is left alone.</summary>
    Task StartNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>Kills a program in a pod as <c>kill -9</c> does.</summary>
    /// <param name="podUid">UID of the pod.</param>
    /// <param name="program">Its name, such as <c>memcached</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task KillAsync(string podUid, string program, CancellationToken cancellationToken);
}
