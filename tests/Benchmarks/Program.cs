using System.CommandLine;
using System.Text.RegularExpressions;
using CacheOperator.Benchmarks;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Publishing;

var quick = new Option<bool>("--quick") { Description = "The headline rows only: about three minutes instead of fifteen" };
var only = new Option<Regex?>("--only")
{
    Description = "Only the rows whose name holds this regular expression (\"get p1\", \"^set.*c64\", \"t2$\"), and \"idle\", \"startup\"",
    CustomParser = result =>
    {
        try
        {
            return new Regex(result.Tokens[0].Value, RegexOptions.IgnoreCase);
        }
        catch (ArgumentException e)
        {
            result.AddError($"--only: {e.Message}");
            return null;
        }
    },
};
var repetitions = new Option<int>("--repetitions") { Description = "How often everything is measured; medians count", DefaultValueFactory = _ => 3 };
repetitions.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1) result.AddError("--repetitions: must be at least 1");
});
var seconds = new Option<double?>("--seconds") { Description = "Length of each measurement [default: 1.5; 1 with --quick]" };
seconds.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double?>() is < 0.1 or > 600) result.AddError("--seconds: must be in 0.1..600");
});
var output = new Option<string?>("--output")
{
    Description = "Folder of the reports [default: tests/Benchmarks/results for the whole benchmark, artifacts/benchmarks for a part of it]",
};
var root = new RootCommand("Compares the proxy with plain memcached, twemproxy and memcached's built-in proxy, all in front of the same three members")
{
    quick, only, repetitions, seconds, output,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    var isPart = arguments.GetValue(quick) || arguments.GetValue(only) is not null;
    var folder = arguments.GetValue(output)
        ?? Path.Combine(RepositoryRoot.Find(), isPart ? Path.Combine("artifacts", "benchmarks") : Path.Combine("tests", "Benchmarks", "results"));
    var options = new BenchmarkOptions
    {
        Quick = arguments.GetValue(quick),
        Only = arguments.GetValue(only),
        Repetitions = arguments.GetValue(repetitions),
        Interval = TimeSpan.FromSeconds(arguments.GetValue(seconds) ?? (arguments.GetValue(quick) ? 1 : 1.5)),
    };
    var progress = new TextProgress(Console.Error);
    if (!options.Rows.Any() && !options.Wants(Comparison.Idle) && !options.Wants(Comparison.StartUp))
    {
        Console.Error.WriteLine("--only: matches nothing; the names are:");
        foreach (var name in (string[])[.. (options with { Only = null }).Rows.Select(row => row.Name), Comparison.Idle, Comparison.StartUp]) Console.Error.WriteLine(name);
        return 1;
    }

    var report = await new Comparison(options, progress).RunAsync(cancellationToken);
    report.Write(folder);
    Console.WriteLine(MarkdownReport.Of(report, chart: "benchmark.svg"));
    progress.Report($"reports: {folder}");
    return report.Failures.Count == 0 ? 0 : 1;
});

try
{
    // On a signal everything is removed; that takes a moment.
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
