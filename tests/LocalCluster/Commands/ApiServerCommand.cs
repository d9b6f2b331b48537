using System.CommandLine;

namespace CacheOperator.LocalCluster.Commands;

/// <summary><c>local-cluster api-server ...</c>: a control plane that is away for a while.</summary>
internal static class ApiServerCommand
{
    public static Command Create(Func<ParseResult, Cluster> cluster)
    {
        var stop = new Command("stop", "Kill the API server and keep it away");
        stop.SetAction(arguments => cluster(arguments).StopApiServer());
        var start = new Command("start", "Start it again and wait until it answers");
        start.SetAction((arguments, cancellationToken) => cluster(arguments).StartApiServerAsync(cancellationToken));
        return new Command("api-server", "Take the API server away and bring it back") { stop, start };
    }
}
