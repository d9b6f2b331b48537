using System.CommandLine;
using CacheOperator.Consistency;
using CacheOperator.Consistency.Hosting;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Publishing;

if (args is [HostedProxy.Verb, ..]) return await HostedProxy.RunAsync(args);

var seconds = new Option<int>("--seconds") { Description = "How long", DefaultValueFactory = _ => 60 };
seconds.Validators.Add(result =>
{
    if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 1 or > 1_000_000)) result.AddError("--seconds: must be a number in 1..1000000");
});
var seed = new Option<int?>("--seed") { Description = "Repeats a run: the same operations and faults, as far as timing lets it [default: another one each time]" };
var without = new Option<string?>("--without") { Description = "Leaves a safeguard out of the proxies, to show that it is missed" };
without.AcceptOnlyFromAmong([.. SafeguardNames.All]);
var profile = new Option<string?>("--profile") { Description = "Operations and faults as with --without, but with all safeguards" };
profile.AcceptOnlyFromAmong([.. SafeguardNames.All]);
var violations = new Option<int>("--max-violations") { Description = "Ends after so many", DefaultValueFactory = _ => 5 };
var root = new RootCommand(
    "Checks what clients read, and what members hold, against what was promised (docs/consistency.md), while members, proxies, links and the operator fail: three zones of "
    + "real memcached, three proxies, the operator's planner. Exit code 0: nothing was wrong, 1: something was, 2: the check itself failed")
{
    seconds, seed, without, profile, violations,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    Safeguard? missing = arguments.GetValue(without) is { } name ? SafeguardNames.Parse(name) : null;
    var number = arguments.GetValue(seed) ?? Random.Shared.Next();
    var options = new ConsistencyOptions
    {
        Length = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        Seed = number,
        LogFolder = Path.Combine(RepositoryRoot.Find(), "artifacts", "consistency", $"{number}"),
        Without = missing,
        MaxViolations = arguments.GetValue(violations),
        Profile = (arguments.GetValue(profile) ?? arguments.GetValue(without)) is { } like ? Profile.Against(SafeguardNames.Parse(like)) : Profile.Full,
    };
    var progress = new TextProgress(Console.Error);
    progress.Report($"consistency: seed {options.Seed}");
    var summary = await ConsistencyRun.RunAsync(options, progress, cancellationToken);
    Console.WriteLine(summary);
    return summary.Findings.Violations.Count == 0 ? 0 : 1;
});

try
{
    // On a signal everything is removed; that takes a moment.
    return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (ProvisioningException e)
{
    Console.Error.WriteLine($"consistency: {e.Message}");
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("consistency: stopped");
    return 2;
}
