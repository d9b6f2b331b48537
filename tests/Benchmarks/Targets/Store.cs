using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Benchmarks.Targets;

/// <summary>A memcached process, as its own statistics show it.</summary>
internal sealed record Store(IPEndPoint EndPoint, int ProcessId)
{
    public async Task<StoreCounters> ReadCountersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(EndPoint, cancellationToken);
        await client.GetStream().WriteAsync("stats\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var counters = default(StoreCounters);
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != "END")
        {
            if (line.Split(' ') is not ["STAT", var name, var value]) continue;
            if (name == "cmd_get") counters = counters with { Gets = long.Parse(value, CultureInfo.InvariantCulture) };
            if (name == "cmd_set") counters = counters with { Sets = long.Parse(value, CultureInfo.InvariantCulture) };
        }

        return counters;
    }
}
