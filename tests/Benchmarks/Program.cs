using System.CommandLine;
using System.Text.RegularExpressions;
using CacheOperator.Benchmarks;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Publishing;

var quick = new Option<bool>("--quick") { Description = "The headline rows only: about three minutes" };
var only = new Option<string?>("--only") { Description = "Rows whose name matches this regular expression, such as \"get p1\" or t2$" };
var repetitions = new Option<int>("--repetitions") { Description = "Of every measurement; medians count", DefaultValueFactory = _ => 3 };
var seconds = new Option<double>("--seconds") { Description = "Of every measurement", DefaultValueFactory = _ => 1.5 };
var output = new Option<string?>("--output") { Description = "Folder of the reports" };
var root = new RootCommand("Compares the proxy with plain memcached, twemproxy and memcached's built-in proxy, all in front of the same three members") { quick, only, repetitions, seconds, output };
root.SetAction(async (arguments, cancellationToken) =>
{
    var options = new BenchmarkOptions
    {
        Quick = arguments.GetValue(quick),
        Only = arguments.GetValue(only) is { } pattern ? new Regex(pattern, RegexOptions.IgnoreCase) : null,
        Repetitions = arguments.GetValue(repetitions),
        Interval = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        Output = arguments.GetValue(output) ?? Path.Combine(RepositoryRoot.Find(), "artifacts", "benchmarks"),
    };
    var progress = new TextProgress(Console.Error);
    var programs = await Programs.EnsureAsync(progress, cancellationToken);
    await using var members = await Members.StartAsync(programs.Memcached, cancellationToken);
    using var starter = new TargetStarter(programs, members.Stores);
    await using var runner = new RowRunner(starter, options, progress);
    Console.WriteLine(MarkdownReport.HeaderOf());
    var failed = false;
    foreach (var row in (options.Quick ? Matrix.Headlines : Matrix.All).Where(row => options.Wants(row.Name)))
    {
        var result = await runner.RunAsync(row, cancellationToken);
        failed |= result.Failures.Count > 0;
        Console.WriteLine(MarkdownReport.LineOf(result));
    }

    return failed ? 1 : 0;
});

try
{
    return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (ProvisioningException e)
{
    Console.Error.WriteLine($"benchmarks: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("benchmarks: stopped");
    return 1;
}
