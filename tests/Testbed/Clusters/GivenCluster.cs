using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Testbed.Clusters;

/// <summary>A cluster that someone else set up. Its nodes are stopped and started by commands in which <c>{node}</c> stands for the name.</summary>
public sealed record GivenCluster(string Kubeconfig) : ITestCluster
{
    public string? StopNodeCommand { get; init; }

    public string? StartNodeCommand { get; init; }

    public string? WhyNodesStay => StopNodeCommand is null ? "no command to stop a node of this cluster was given" : null;

    public string? WhyMachinesAreOutOfReach => "the machines of a given cluster are out of reach";

    public Task StopNodeAsync(string node, CancellationToken cancellationToken) =>
        RunAsync(StopNodeCommand ?? throw new InvalidOperationException(WhyNodesStay), node, cancellationToken);

    public Task StartNodeAsync(string node, CancellationToken cancellationToken) =>
        StartNodeCommand is null ? Task.CompletedTask : RunAsync(StartNodeCommand, node, cancellationToken);

    public Task PartitionNodeAsync(string node, CancellationToken cancellationToken) => throw OutOfReach();

    public void StopApiServer() => throw OutOfReach();

    public Task StartApiServerAsync(CancellationToken cancellationToken) => throw OutOfReach();

    public Task KillAsync(string podUid, string program, CancellationToken cancellationToken) => throw OutOfReach();

    private InvalidOperationException OutOfReach() => new(WhyMachinesAreOutOfReach);

    private static Task<string> RunAsync(string command, string node, CancellationToken cancellationToken) =>
        new Command("/bin/sh", "-c", command.Replace("{node}", node, StringComparison.Ordinal)).RunAsync(cancellationToken);
}
