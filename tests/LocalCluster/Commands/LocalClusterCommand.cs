using System.CommandLine;
using CacheOperator.Provisioning;

namespace CacheOperator.LocalCluster.Commands;

/// <summary>The command line of <c>local-cluster</c>.</summary>
internal static class LocalClusterCommand
{
    private static readonly Option<string> Name = new("--name", "-n")
    {
        Description = "Name of the cluster",
        DefaultValueFactory = _ => ClusterShape.DefaultName,
        Recursive = true,
    };

    public static RootCommand Create(IProgress<string> progress) =>
        new("A real Kubernetes with several zones and nodes on this machine, without Docker")
        {
            Name,
            Up(progress),
            Down(progress),
            Status(),
            Kubeconfig(),
            NodeCommand.Create(Existing),
            ApiServerCommand.Create(Existing),
            ImageCommand.Create(Existing, progress),
        };

    private static Cluster Existing(ParseResult arguments)
    {
        var name = arguments.GetRequiredValue(Name);
        return Cluster.Find(name) ?? throw new ProvisioningException($"no cluster {name}: bring it up with `local-cluster up --name {name}`");
    }

    private static Command Up(IProgress<string> progress)
    {
        var zones = new Option<int>("--zones") { Description = "Number of zones, 0 for a control plane alone", DefaultValueFactory = _ => 3 };
        var nodes = new Option<int>("--nodes-per-zone") { Description = "Number of nodes in each zone", DefaultValueFactory = _ => 2 };
        var command = new Command("up", "Bring a cluster up, or keep the healthy one of the same shape") { zones, nodes };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var shape = new ClusterShape(arguments.GetValue(zones), arguments.GetValue(nodes), arguments.GetRequiredValue(Name));
            var cluster = await Cluster.UpAsync(shape, progress, cancellationToken);
            Console.WriteLine($"export KUBECONFIG={cluster.KubeconfigPath}");
        });
        return command;
    }

    private static Command Down(IProgress<string> progress)
    {
        var command = new Command("down", "Remove a cluster and whatever a crashed run left of it");
        command.SetAction((arguments, cancellationToken) => Cluster.DownAsync(arguments.GetRequiredValue(Name), progress, cancellationToken));
        return command;
    }

    private static Command Status()
    {
        var command = new Command("status", "Show the nodes, their zone and state, and the pods on them");
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var cluster = Existing(arguments);
            Console.WriteLine($"cluster {cluster.Shape.Name}  kubeconfig {cluster.KubeconfigPath}  logs {cluster.LogFolder}");
            Console.WriteLine($"{"NODE",-12}{"ZONE",-10}{"STATE",-13}{"READY",-7}PODS");
            foreach (var node in await cluster.GetNodesAsync(cancellationToken))
            {
                Console.WriteLine($"{node.Name,-12}{node.Zone,-10}{node.Power,-13}{(node.Ready ? "yes" : "no"),-7}{string.Join(' ', node.Pods)}");
            }
        });
        return command;
    }

    private static Command Kubeconfig()
    {
        var command = new Command("kubeconfig", "Print the path of the administrator's kubeconfig");
        command.SetAction(arguments => Console.WriteLine(Existing(arguments).KubeconfigPath));
        return command;
    }
}
