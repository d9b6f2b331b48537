using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Provisioning.Processes;

/// <summary>Ports of this machine that nobody listens at, for programs that have to be told theirs.</summary>
public static class FreePorts
{
    /// <summary>One.</summary>
    public static int Take() => Take(1)[0];

    /// <summary>Several, each another one.</summary>
    public static int[] Take(int count)
    {
        // All are held until all are known: a port let go would be given out again.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}
