using CacheOperator.LocalCluster.Commands;
using CacheOperator.Provisioning;

// Progress goes to stderr, so that `$(local-cluster kubeconfig)` works.
var progress = new TextProgress(Console.Error);
try
{
    var arguments = LocalClusterCommand.Create(progress).Parse(args);
    // On Ctrl-C a half-built cluster is removed; that takes a moment.
    return await arguments.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (Exception e) when (e is ProvisioningException or ArgumentException)
{
    Console.Error.WriteLine($"local-cluster: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("local-cluster: cancelled");
    return 130;
}
