using System.CommandLine;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Publishing;
using CacheOperator.WarmUpBenchmarks;
using CacheOperator.WarmUpBenchmarks.Copying;
using CacheOperator.WarmUpBenchmarks.Results;

var quick = new Option<bool>("--quick") { Description = "A fifth of the items, one repetition, without the ten million" };
var items = new Option<int?>("--items") { Description = "Only one case, with so many items of --value-bytes" };
var valueBytes = new Option<int>("--value-bytes") { Description = "Bytes of every value of --items", DefaultValueFactory = _ => 100 };
var repetitions = new Option<int?>("--repetitions") { Description = "How often each copier copies; medians count [default: 5; 1 with --quick]" };
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
var root = new RootCommand("Measures how fast a proxy fills a member from another one, beside a plain copier that verifies nothing") { quick, items, valueBytes, repetitions, output };
root.SetAction(async (arguments, cancellationToken) =>
{
    var isPart = arguments.GetValue(quick) || arguments.GetValue(items) is not null;
    var target = arguments.GetValue(output)
        ?? Path.Combine(RepositoryRoot.Find(), isPart ? Path.Combine("artifacts", "benchmarks") : Path.Combine("tests", "WarmUpBenchmarks", "results"));
    IReadOnlyList<CopyCase> cases = arguments.GetValue(items) is { } count
        ? [new CopyCase(count, arguments.GetValue(valueBytes))]
        : arguments.GetValue(quick)
            ? [new CopyCase(200_000, 100), new CopyCase(200_000, 1000), new CopyCase(10_000, 50_000)]
            : [new CopyCase(1_000_000, 100), new CopyCase(1_000_000, 1000), new CopyCase(50_000, 50_000), new CopyCase(10_000_000, 20)];
    var runs = arguments.GetValue(repetitions) ?? (arguments.GetValue(quick) ? 1 : 5);

    var progress = new TextProgress(Console.Error);
    var folder = Directory.CreateTempSubdirectory("warm-up-benchmarks-");
    try
    {
        var memcached = await MemcachedBinary.EnsureAsync(progress, cancellationToken);
        var proxy = await ProjectPublisher.PublishAsync("proxy/CacheOperator.Proxy.csproj", PublishMode.NativeAot, progress, cancellationToken);
        ICopier[] copiers = [new ProxyCopy(proxy.Executable, folder.FullName), await PlainCopy.BuildAsync(folder.FullName, progress, cancellationToken)];
        var results = new List<CopyResult>();
        foreach (var work in cases)
        {
            progress.Report($"{work.Items} x {work.Name}");
            results.Add(await new CopyRunner(memcached, copiers, runs).RunAsync(work, cancellationToken));
        }

        var report = new CopyReport(MachineDescription.Of($"memcached {MemcachedBinary.Version}"), runs, results);
        report.Write(target);
        Console.WriteLine(report.ToMarkdown());
        progress.Report($"reports: {target}");
        return 0;
    }
    finally
    {
        folder.Delete(recursive: true);
    }
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
