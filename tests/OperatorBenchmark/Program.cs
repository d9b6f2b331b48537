using System.CommandLine;
using CacheOperator.OperatorBenchmark;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Publishing;

var caches = new Option<int>("--caches") { Description = "How many ReplicatedCache objects", DefaultValueFactory = _ => 1000 };
caches.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 10_000) result.AddError("--caches: must be in 1..10000");
});
var minutes = new Option<double>("--minutes") { Description = "How long to watch the steady state", DefaultValueFactory = _ => 3 };
minutes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is < 0.1 or > 600) result.AddError("--minutes: must be in 0.1..600");
});
var output = new Option<string?>("--output") { Description = "Folder of the report [default: tests/OperatorBenchmark/results]" };
var root = new RootCommand(
    "Measures the operator with many caches on a real kube-apiserver and etcd. Pods are stood in for: they exist as objects that are Ready at once, and their "
    + "proxies are an HTTP server that answers for all of them")
{
    caches, minutes, output,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    var progress = new TextProgress(Console.Error);
    var benchmark = new ScaleBenchmark(arguments.GetValue(caches), TimeSpan.FromMinutes(arguments.GetValue(minutes)), progress);
    var report = ScaleReport.Of(await benchmark.RunAsync(cancellationToken));
    var folder = arguments.GetValue(output) ?? Path.Combine(RepositoryRoot.Find(), "tests", "OperatorBenchmark", "results");
    Directory.CreateDirectory(folder);
    await File.WriteAllTextAsync(Path.Combine(folder, "scale.md"), report, cancellationToken);
    Console.WriteLine(report);
    return 0;
});

try
{
    return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (ProvisioningException e)
{
    Console.Error.WriteLine($"operator-benchmark: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("operator-benchmark: stopped");
    return 1;
}
