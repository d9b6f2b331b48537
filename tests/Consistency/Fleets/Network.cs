using System.Collections.Concurrent;
using System.Net;
using CacheOperator.Fleet.Networking;

namespace CacheOperator.Consistency.Fleets;

/// <summary>
/// The way from each proxy to each member, which can be cut and slow. One proxy has none: it connects directly, so that what looks for its
/// connections by their addresses is at work too.
/// </summary>
internal sealed class Network(string directProxy) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Proxy, IPEndPoint Member), Relay> _relays = [];

    public IPEndPoint Way(string proxy, IPEndPoint member) =>
        proxy == directProxy ? member : _relays.GetOrAdd((proxy, member), key => new Relay(key.Member)).EndPoint;

    /// <summary>Null when the proxy is connected directly, or not at all.</summary>
    public Relay? Link(string proxy, IPEndPoint member) => _relays.GetValueOrDefault((proxy, member));

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays.Values) await relay.DisposeAsync();
    }
}
