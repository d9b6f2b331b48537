using CacheOperator.Fleet;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Proxy;
using CacheOperator.Proxy.Configuration;

namespace CacheOperator.Consistency.Hosting;

/// <summary>The proxy as a sub-command of this program, so that it can be run without one of its safeguards.</summary>
internal static class HostedProxy
{
    /// <summary>First argument: what follows is the proxy's own command line, after the safeguard that is left out, if any.</summary>
    public const string Verb = "proxy";

    private const string Without = "--without";

    public static Task<int> RunAsync(string[] arguments) => arguments is [Verb, Without, var name, .. var rest]
        ? ProxyProgram.RunAsync(rest, SafeguardNames.AllBut(SafeguardNames.Parse(name)))
        : ProxyProgram.RunAsync(arguments[1..], Safeguards.All);

    public static async Task<FleetPrograms> ProgramsAsync(Safeguard? without, IProgress<string> progress, CancellationToken cancellationToken)
    {
        string[] arguments = without is { } safeguard ? [Verb, Without, SafeguardNames.NameOf(safeguard)] : [Verb];
        return new FleetPrograms(
            await MemcachedBinary.EnsureAsync(progress, cancellationToken),
            new Command(Path.Combine(AppContext.BaseDirectory, "consistency"), arguments));
    }
}
