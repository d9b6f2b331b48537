using System.CommandLine;
using System.Net.Sockets;
using CacheOperator.Demo;
using CacheOperator.LocalCluster;
using CacheOperator.Provisioning;
using k8s.Autorest;
using Spectre.Console;

var name = new Option<string>("--name") { Description = "Name of the local cluster.", DefaultValueFactory = _ => ClusterShape.DefaultName };
var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Use this cluster; without it a local one is started (root, Linux)." };
var stopNode = new Option<string?>("--stop-node-command") { Description = "Powers off a node of that cluster, e.g. 'docker stop {node}'." };
var startNode = new Option<string?>("--start-node-command") { Description = "Powers it on again for the next run, e.g. 'docker start {node}'." };
var chartValues = new Option<string[]>("--set") { Description = "More values for the chart, as helm's --set takes them.", DefaultValueFactory = _ => [] };
var keys = new Option<int>("--keys") { Description = "How many keys to cache.", DefaultValueFactory = _ => 100_000 };

var root = new RootCommand("Sets up a replicated memcached on a three-zone Kubernetes, takes a node away, and shows what clients see of it.")
{
    name, kubeconfig, stopNode, startNode, chartValues, keys,
};
root.Validators.Add(result =>
{
    if (result.GetValue(kubeconfig) is not null && result.GetValue(stopNode) is null)
        result.AddError("--kubeconfig needs --stop-node-command: the demo is about losing a node.");
});
root.SetAction(async (parsed, cancellationToken) =>
{
    var options = new DemoOptions
    {
        ClusterName = parsed.GetRequiredValue(name),
        Kubeconfig = parsed.GetValue(kubeconfig),
        StopNodeCommand = parsed.GetValue(stopNode),
        StartNodeCommand = parsed.GetValue(startNode),
        ChartValues = parsed.GetValue(chartValues) ?? [],
        Keys = parsed.GetValue(keys),
    };
    var screen = new Screen(AnsiConsole.Console);
    try
    {
        return await new Demo(options, screen).RunAsync(cancellationToken) ? 0 : 1;
    }
    catch (Exception e) when (e is ProvisioningException or TimeoutException or HttpRequestException or HttpOperationException or IOException or SocketException)
    {
        screen.Line($"The demo cannot go on: {e.Message}", "red");
        return 2;
    }
});
return await root.Parse(args).InvokeAsync();
