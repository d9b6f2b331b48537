using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CacheOperator.WarmUpBenchmarks.Clients;

/// <summary>A client's connections to one server, which may die and come back elsewhere.</summary>
/// <param name="endPoint">Where it is.</param>
/// <param name="connections">How many.</param>
internal sealed class Lane(IPEndPoint endPoint, int connections) : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);
    private readonly List<GetConnection> _open = [];
    private volatile IPEndPoint _endPoint = endPoint;
    private long _triedAt;
    private int _next;

    /// <summary>Where the next connections go.</summary>
    public IPEndPoint EndPoint
    {
        get => _endPoint;
        set => _endPoint = value;
    }

    public IReadOnlyList<GetConnection> Open => _open;

    /// <summary>The next one in turn; null when there is none.</summary>
    public GetConnection? Pick() => _open.Count == 0 ? null : _open[_next++ % _open.Count];

    /// <summary>Opens what is lacking, not too often.</summary>
    public void Maintain(ItemText text)
    {
        if (_open.Count == connections || (_triedAt != 0 && Stopwatch.GetElapsedTime(_triedAt) < RetryInterval)) return;
        _triedAt = Stopwatch.GetTimestamp();
        try
        {
            while (_open.Count < connections) _open.Add(new GetConnection(EndPoint, text));
        }
        catch (SocketException)
        {
            // Nobody is there yet.
        }
    }

    public void Drop(GetConnection connection)
    {
        _open.Remove(connection);
        connection.Dispose();
    }

    public void Dispose()
    {
        foreach (var connection in _open) connection.Dispose();
        _open.Clear();
    }
}
