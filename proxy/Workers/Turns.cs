using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Workers;

/// <summary>
/// Who of one event loop's clients goes on when not all can: members take their requests too slowly, and would miss what
/// they cannot take, or as much is under way as there is room for. A client that asks for little waits for what is under
/// way, but not for the clients that ask for much (<see cref="FairQueue{T}"/>).
/// </summary>
internal sealed class Turns
{
    /// <summary>What a client may begin while others wait, see <see cref="ClientLoad.Spent"/>.</summary>
    public const int Quantum = 64 << 10;

    private const int Interval = 1;

    private readonly FairQueue<ClientConnection> _waiting = new();
    private readonly Func<long> _room;
    private readonly LoopTimer _timer;

    /// <param name="loop">Whose clients they are.</param>
    /// <param name="room">For how much more there is room, in the measure of <see cref="ClientLoad.Spent"/>.</param>
    public Turns(EventLoop loop, Func<long> room)
    {
        _room = room;
        _timer = new LoopTimer(loop, GoOn);
    }

    /// <summary>Members that do not keep up.</summary>
    public int CongestedMembers { get; private set; }

    /// <summary>Whether nothing may be begun for any client now.</summary>
    public bool AreHeldUp => CongestedMembers > 0;

    /// <summary>Whether a client may go on without waiting: nobody else does, and there is room.</summary>
    public bool AreOpen => !AreHeldUp && _waiting.Count == 0 && _room() > 0;

    /// <param name="begins">Whether a member ceases to keep up, or has caught up.</param>
    public void OnCongestion(bool begins)
    {
        CongestedMembers += begins ? 1 : -1;
        GoOn();
    }

    /// <summary>Has a client go on when its turn comes.</summary>
    public void Wait(ClientConnection client)
    {
        if (client.IsKnown) _waiting.Add(client, client.PlaceFrom(_waiting.Now));
        else _waiting.AddNewcomer(client);
        if (!_timer.IsArmed && !AreHeldUp) _timer.Arm(Interval);
    }

    private void GoOn()
    {
        if (AreHeldUp) return;
        for (var room = _room(); room > 0 && _waiting.TryTake(out var client); room -= Quantum) client.TakeTurn();
        if (_waiting.Count > 0) _timer.Arm(Interval);
    }
}
