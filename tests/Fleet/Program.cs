using System.CommandLine;
using CacheOperator.Fleet;
using CacheOperator.Provisioning;

var zones = Count("--zones", "Zones, each with a full copy of the keys", 3, 16);
var shards = Count("--shards", "Members in every zone", 1, 64);
var proxies = Count("--proxies", "Proxies, spread over the zones", 3, 64);
var memory = Count("--memory", "Memory of each member in MiB", 64, 1 << 20);
var root = new RootCommand("Real memcached processes and proxies on loopback, kept whole until Ctrl-C. One line for each proxy on stdout: endpoint ZONE HOST:PORT")
{
    zones, shards, proxies, memory,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    var shape = new FleetShape
    {
        Zones = arguments.GetValue(zones),
        Shards = arguments.GetValue(shards),
        Proxies = arguments.GetValue(proxies),
        Memory = arguments.GetValue(memory),
    };
    var progress = new TextProgress(Console.Error);
    await using var fleet = await LocalFleet.StartAsync(shape, await FleetPrograms.EnsureAsync(progress, cancellationToken), cancellationToken);
    foreach (var member in fleet.Members)
        progress.Report($"fleet: {member.Name} is memcached {member.ProcessId} at {member.EndPoint}");
    foreach (var proxy in fleet.Proxies)
        Console.WriteLine($"endpoint {proxy.Zone} {proxy.EndPoint}");
    progress.Report("fleet: serving; Ctrl-C removes everything. Kill a memcached to see it come back warm.");
    await new FleetKeeper(fleet, progress).RunAsync(cancellationToken);
});

try
{
    // On a signal everything is removed; that takes a moment.
    return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (ProvisioningException e)
{
    Console.Error.WriteLine($"fleet: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("fleet: removed");
    return 0;
}

static Option<int> Count(string name, string description, int value, int most)
{
    var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
    option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < 1 || number > most))
            result.AddError($"{name}: must be a number in 1..{most}");
    });
    return option;
}
