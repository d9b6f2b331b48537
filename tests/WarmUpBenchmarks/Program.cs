using System.CommandLine;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Publishing;
using CacheOperator.WarmUpBenchmarks;

var quick = new Option<bool>("--quick") { Description = "Less of everything: three minutes instead of ten" };
var only = new Option<string[]>("--only") { Description = $"Only these parts: {string.Join(", ", WarmUpBenchmark.Parts)}", AllowMultipleArgumentsPerToken = true };
only.AcceptOnlyFromAmong([.. WarmUpBenchmark.Parts]);
var items = new Option<int?>("--items") { Description = "Only the speed of one case, with so many items of --value-bytes" };
var valueBytes = new Option<int>("--value-bytes") { Description = "Bytes of every value of --items", DefaultValueFactory = _ => 100 };
var repetitions = new Option<int?>("--repetitions") { Description = "How often each copier copies; medians count [default: 3; 1 with --quick or --items]" };
foreach (var option in (Option<int?>[])[items, repetitions])
{
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int?>() < 1) result.AddError($"{option.Name}: must be at least 1");
    });
}

valueBytes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 0 or > 1_000_000) result.AddError("--value-bytes: must be in 0..1000000");
});
var output = new Option<string?>("--output")
{
    Description = "Folder of the reports [default: tests/WarmUpBenchmarks/results for the whole benchmark, artifacts/benchmarks for a part of it]",
};
var root = new RootCommand("Measures how a proxy fills a member from another one, beside what else there is: a plain copier, no warm-up, lazy warm-up")
{
    quick, only, items, valueBytes, repetitions, output,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    var size = arguments.GetValue(quick) ? BenchmarkSize.Quick : BenchmarkSize.Whole;
    IReadOnlyCollection<string> parts = arguments.GetValue(only) is { Length: > 0 } named ? [.. WarmUpBenchmark.Parts.Where(named.Contains)] : WarmUpBenchmark.Parts;
    if (arguments.GetValue(items) is { } count)
        (size, parts) = (size with { Speed = [new CopyCase(count, arguments.GetValue(valueBytes))], Repetitions = 1 }, [WarmUpBenchmark.Speed]);
    if (arguments.GetValue(repetitions) is { } often) size = size with { Repetitions = often };
    var isWhole = size == BenchmarkSize.Whole && parts.Count == WarmUpBenchmark.Parts.Count;
    var target = arguments.GetValue(output)
        ?? Path.Combine(RepositoryRoot.Find(), isWhole ? Path.Combine("tests", "WarmUpBenchmarks", "results") : Path.Combine("artifacts", "benchmarks"));
    var progress = new TextProgress(Console.Error);
    var report = await new WarmUpBenchmark(size, progress).RunAsync(parts, cancellationToken);
    report.Write(target);
    Console.WriteLine(report.ToMarkdown());
    progress.Report($"reports: {target}");
    return 0;
});

try
{
    return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (ProvisioningException e)
{
    Console.Error.WriteLine($"warm-up-benchmarks: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("warm-up-benchmarks: stopped");
    return 1;
}
