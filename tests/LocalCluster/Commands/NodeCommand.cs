using System.CommandLine;

namespace CacheOperator.LocalCluster.Commands;

/// <summary><c>local-cluster node ...</c>: what happens to machines in real life.</summary>
internal static class NodeCommand
{
    public static Command Create(Func<ParseResult, Cluster> cluster) =>
        new("node", "Break and mend a node")
        {
            Verb(cluster, "stop", "Cut the node's power", (found, node, token) => found.StopNodeAsync(node, token)),
            Verb(cluster, "start", "Boot a stopped node again and wait until it is ready", (found, node, token) => found.StartNodeAsync(node, token)),
            Verb(cluster, "partition", "Pull the node's network cable", (found, node, token) => found.PartitionNodeAsync(node, token)),
            Verb(cluster, "heal", "Put the network cable back", (found, node, token) => found.HealNodeAsync(node, token)),
        };

    private static Command Verb(
        Func<ParseResult, Cluster> cluster, string name, string description, Func<Cluster, string, CancellationToken, Task> act)
    {
        var node = new Argument<string>("node") { Description = "Name of the node, such as zone-a-1" };
        var command = new Command(name, description) { node };
        command.SetAction((arguments, cancellationToken) => act(cluster(arguments), arguments.GetRequiredValue(node), cancellationToken));
        return command;
    }
}
