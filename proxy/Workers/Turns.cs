using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Workers;

/// <summary>
/// Who of one event loop's clients goes on when not all can: members take their requests too slowly, and would miss what
/// they cannot take, or as much is under way as there is room for. Whoever had least lately is next (start-time fair
/// queueing), so a client that asks for little waits for what is under way, but not for the clients that ask for much.
/// </summary>
internal sealed class Turns
{
    /// <summary>What a client may begin while others wait, see <see cref="ClientLoad.Spent"/>.</summary>
    public const int Quantum = 64 << 10;

    private const int Interval = 1;

    private readonly PriorityQueue<ClientConnection, (long Place, long Order)> _waiting = new();
    private readonly Func<long> _room;
    private readonly LoopTimer _timer;
    private long _order;
    private long _place;

    /// <param name="loop">Whose clients they are.</param>
    /// <param name="room">For how much more there is room, in the measure of <see cref="ClientLoad.Spent"/>.</param>
    public Turns(EventLoop loop, Func<long> room)
    {
        _room = room;
        _timer = new LoopTimer(loop, GoOn);
    }

    /// <summary>Members that do not keep up.</summary>
    public int CongestedMembers { get; private set; }

    /// <summary>Whether clients wait.</summary>
    public bool IsContended => _waiting.Count > 0;

    /// <param name="begins">Whether a member ceases to keep up, or has caught up.</param>
    public void OnCongestion(bool begins)
    {
        CongestedMembers += begins ? 1 : -1;
        if (CongestedMembers == 0) GoOn();
    }

    /// <summary>Has a client go on when its turn comes.</summary>
    public void Wait(ClientConnection client)
    {
        _waiting.Enqueue(client, (client.PlaceFrom(_place), _order++));
        if (!_timer.IsArmed && CongestedMembers == 0) _timer.Arm(Interval);
    }

    private void GoOn()
    {
        if (CongestedMembers > 0) return;
        for (var room = _room(); room > 0 && _waiting.TryDequeue(out var client, out var priority); room -= Quantum)
        {
            _place = priority.Place;
            client.TakeTurn();
        }

        if (IsContended) _timer.Arm(Interval);
    }
}
