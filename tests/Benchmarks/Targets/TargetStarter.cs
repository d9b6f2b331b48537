using System.Net;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Topology;

namespace CacheOperator.Benchmarks.Targets;

/// <summary>Starts what is compared, in front of the same members.</summary>
internal sealed class TargetStarter(Programs programs, IReadOnlyList<Store> members) : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("benchmarks-").FullName;
    private int _started;

    /// <summary>Returns when it answers.</summary>
    /// <param name="kind">What to start.</param>
    /// <param name="threads">Threads or event loops; twemproxy has one, whatever is asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Target> StartAsync(TargetKind kind, int threads, CancellationToken cancellationToken)
    {
        var endPoint = FreeEndPoint();
        var process = BackgroundProcess.Start(CommandOf(kind, threads, endPoint), Path.Combine(_folder, $"{++_started}.log"));
        var target = new Target(kind, endPoint, process.Id, kind == TargetKind.Memcached ? [new Store(endPoint, process.Id)] : members, process);
        try
        {
            await process.WaitUntilAsync(() => Task.FromResult(Probe.Answers(endPoint)), $"starting {kind.Name()}", StartTimeout, cancellationToken);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>How it is started to listen there.</summary>
    public Command CommandOf(TargetKind kind, int threads, IPEndPoint endPoint) => kind switch
    {
        TargetKind.Memcached => new Command(programs.Memcached, [.. MemcachedArguments(threads, endPoint)]),
        TargetKind.BuiltInProxy => new Command(
            programs.Memcached,
            [.. MemcachedArguments(threads, endPoint), "-o", $"proxy_config=routelib,proxy_arg={Write("routelib.lua", endPoint)}"]),
        TargetKind.Twemproxy => new Command(
            programs.Twemproxy,
            "--conf-file", Write("twemproxy.yml", endPoint), "--stats-addr", "127.0.0.1", "--stats-port", $"{FreeEndPoint().Port}", "--pid-file", NewFile("pid"), "--output", NewFile("log")),
        // The others' items have no version in common on the members: the proxy would mend them, and the members would count that as load.
        _ => new Command(
            programs.CacheProxy,
            "--name", "proxy-1", "--zone", ZoneName(0), "--loops", $"{threads}", "--topology-file", WriteTopology(), "--max-clients", $"{Members.MaxClients}",
            "--listen", $"{endPoint}", "--admin-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--compare-interval", "0s"),
    };

    public static IPEndPoint FreeEndPoint() => new(IPAddress.Loopback, FreePorts.Take());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<string> MemcachedArguments(int threads, IPEndPoint endPoint)
    {
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "root"] : [];
        return ["-l", $"{endPoint.Address}", "-p", $"{endPoint.Port}", "-U", "0", .. user, .. Members.Arguments(threads)];
    }

    private static string ZoneName(int index) => $"zone-{index + 1}";

    /// <summary>Writes a configuration that this program carries, with the addresses filled in.</summary>
    private string Write(string resource, IPEndPoint listen)
    {
        using var reader = new StreamReader(typeof(TargetStarter).Assembly.GetManifestResourceStream(resource)!);
        var text = reader.ReadToEnd().Replace("@listen@", $"{listen}", StringComparison.Ordinal);
        for (var zone = 0; zone < members.Count; zone++)
            text = text.Replace($"@{zone + 1}@", $"{members[zone].EndPoint}", StringComparison.Ordinal);
        var file = NewFile(resource);
        File.WriteAllText(file, text);
        return file;
    }

    private string WriteTopology()
    {
        var document = new TopologyDocument
        {
            Cache = "local/benchmark",
            Generation = 1,
            Zones = [.. members.Select((_, zone) => ZoneName(zone))],
            Replication = new ReplicationSettings { WriteAck = WriteAck.Majority },
            Members =
            [
                .. members.Select((member, zone) => new Member
                {
                    Uid = $"member-{zone + 1}",
                    Name = $"member-{zone + 1}",
                    Zone = ZoneName(zone),
                    Shard = 0,
                    Address = $"{member.EndPoint}",
                    State = MemberState.Ready,
                }),
            ],
            Proxies = [new ProxyIdentity { Name = "proxy-1", Number = 1 }],
        };
        var file = NewFile("topology.json");
        File.WriteAllBytes(file, TopologyJson.Write(document));
        return file;
    }

    private string NewFile(string name) => Path.Combine(_folder, $"{++_started}-{name}");
}
