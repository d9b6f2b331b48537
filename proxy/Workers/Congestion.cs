using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Workers;

/// <summary>
/// Whether members take their requests so slowly that clients must wait: what a member cannot take, it would miss. The
/// clients go on in turns, those with few commands first.
/// </summary>
internal sealed class Congestion
{
    private const int Interval = 1;
    private const int Turn = 64;

    private readonly Queue<ClientConnection> _modest = new();
    private readonly Queue<ClientConnection> _others = new();
    private readonly LoopTimer _timer;
    private int _members;

    public Congestion(EventLoop loop) => _timer = new LoopTimer(loop, GoOn);

    /// <summary>Members that are congested.</summary>
    public int Members => _members;

    public bool IsOn => _members > 0;

    /// <param name="begins">Whether it begins, not ends, for a member.</param>
    public void OnChange(bool begins)
    {
        _members += begins ? 1 : -1;
        if (!IsOn) GoOn();
    }

    /// <summary>Has a client go on when its turn comes.</summary>
    public void Wait(ClientConnection client) => (client.IsModest ? _modest : _others).Enqueue(client);

    private void GoOn()
    {
        for (var i = 0; i < Turn && !IsOn && (_modest.TryDequeue(out var client) || _others.TryDequeue(out client)); i++) client.GoOn();
        if (!IsOn && _modest.Count + _others.Count > 0) _timer.Arm(Interval);
    }
}
