using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>
/// One event loop's connection to one member. Requests are answered in order. It reconnects by itself; every new
/// connection first finds out which process it reached.
/// </summary>
internal sealed class MemberConnection : Connection
{
    // A connection that lived for less is not replaced at once: its member may be crashing.
    private const long StableAfter = 1000;

    // Enough to keep a member busy: more only makes everybody wait longer.
    private const long CongestedAbove = 8 << 20;

    private readonly Worker _worker;
    private readonly PendingReplies _pending = new();
    private readonly ReplyPatience _patience;
    private readonly MarkProbe _mark;
    private readonly StatisticsProbe _probe;
    private readonly MemoryRaise _memory;
    private readonly LoopTimer _watch;
    private readonly LoopTimer _reconnect;
    private MemberIdentity _identity;
    private ReconnectDelay _delay;
    private IPEndPoint? _local;
    private Phase _phase = Phase.Down;
    private bool _isOptimistic;
    private bool _isRemoved;
    private bool _isCongested;
    private ReadBatch? _reads;
    private long _upSince;

    public MemberConnection(Worker worker, IPEndPoint endPoint, Member entry, MemberHealth health)
        : base(worker.Loop, FlushOrder.Members)
    {
        _worker = worker;
        EndPoint = endPoint;
        _identity = new MemberIdentity(entry, health);
        _delay = new ReconnectDelay(worker.Jitter);
        _patience = new ReplyPatience(worker.Settings.HedgeDelay, worker.Settings.MemberTimeout);
        _mark = new MarkProbe(this, worker);
        _probe = new StatisticsProbe(this, _mark);
        _memory = new MemoryRaise(this, worker.Log);
        _watch = new LoopTimer(worker.Loop, Watch);
        _reconnect = new LoopTimer(worker.Loop, () => Connect(optimistic: false));
        Record.SetReachable(worker.Index, false);
        Connect(optimistic: true);
    }

    private enum Phase
    {
        Down,
        Connecting,
        Up,
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Connected, and the process behind it is known.</summary>
    public bool IsUp => _phase == Phase.Up;

    /// <summary>
    /// Whether a request can be sent now. On a new connection it waits for the connect: a member that was just
    /// announced, or whose connection just broke, must not miss writes for that.
    /// </summary>
    public bool AcceptsRequests => (_phase == Phase.Up || (_phase == Phase.Connecting && _isOptimistic)) && Output.Length < Backlog;

    /// <inheritdoc cref="MemberIdentity.IsReady"/>
    public bool IsReady => _identity.IsReady;

    /// <inheritdoc cref="MemberIdentity.IsDraining"/>
    public bool IsDraining => _identity.IsDraining;

    /// <inheritdoc cref="MemberIdentity.IsExpectedProcess"/>
    public bool IsExpectedProcess => _identity.IsExpectedProcess;

    /// <inheritdoc cref="MemberIdentity.Health"/>
    public MemberHealth Health => _identity.Health;

    /// <summary>Something has waited for longer than the hedging delay; nothing has been answered since.</summary>
    public bool IsSlow => _pending.IsSlow;

    private MemberRecord Record => Health.Record;

    // Room for one value of any size in any case, beside another one that was taken before.
    private long Backlog => Math.Max(_worker.Settings.MaxMemberBacklog, 2L * _worker.Settings.MaxItemSize);

    /// <summary>Takes over what a newer document says of the member.</summary>
    public void Apply(Member entry, MemberHealth health)
    {
        var before = _identity.Entry;
        if (_identity.Apply(entry, health) && _phase == Phase.Down)
        {
            _delay.Reset();
            Connect(optimistic: true);
        }

        // The next look is seconds away, and the operator waits for what is done at it.
        if (entry.MemoryMebibytes is not null && (entry.MemoryMebibytes != before.MemoryMebibytes || entry.Incarnation != before.Incarnation)) PollStatistics();
    }

    /// <summary>The member is no longer in the topology.</summary>
    public void Remove()
    {
        _isRemoved = true;
        _reconnect.Disarm();
        Close(null);
        Record.SetReachable(_worker.Index, true);
    }

    public Span<byte> Reserve(int size)
    {
        SendReads();
        return Output.GetSpan(size);
    }

    /// <summary>
    /// The same for a part of a client's set or delete, which may go before reads that are still collected: that client's own reads of the key it has waited for
    /// (<see cref="Clients.PipelineOrder"/>), and all others are asked for at the same time. So a few writes among many reads do not cut their line into pieces.
    /// </summary>
    public Span<byte> ReserveChange(int size) => Output.GetSpan(size);

    /// <param name="target">Gets the reply.</param>
    /// <param name="replica">Handed back with it.</param>
    /// <param name="tag">Handed back with it.</param>
    /// <param name="length">How much was written to what was reserved.</param>
    public void Commit(ReplyTarget target, int replica, int tag, int length)
    {
        Output.Advance(length);
        _pending.Enqueue(new PendingReplies.Entry(target, Loop.Now, (byte)replica, (byte)tag));
        if (!_isCongested && Output.Length > Math.Min(CongestedAbove, _worker.Settings.MaxMemberBacklog / 2)) SetCongested(true);
        if (!_watch.IsArmed) _watch.Arm(_patience.Hedge);
        MarkDirty();
    }

    /// <summary>The same for a request that ends with a large value, which is taken over.</summary>
    public void Commit(ReplyTarget target, int replica, int tag, int length, in SharedSlice value)
    {
        Output.Advance(length);
        Output.Write(value);
        Output.Write("\r\n"u8);
        Commit(target, replica, tag, 0);
    }

    /// <summary>Reads items with keys that need no encoding, on one line with the reads that were asked for just before.</summary>
    /// <param name="target">Gets the items as parts, and in the end <see cref="ReplyKind.End"/>.</param>
    /// <param name="replica">Handed back with them.</param>
    /// <param name="tag">Handed back with them.</param>
    /// <param name="keys">Separated by spaces; at most <see cref="ReadBatch.MaxKeysLength"/> bytes.</param>
    public void Read(ReplyTarget target, int replica, int tag, ReadOnlySpan<byte> keys)
    {
        if (_reads is not null && !_reads.HasRoomFor(keys)) SendReads();
        _reads ??= _worker.Pools.RentReadBatch();
        _reads.Add(target, replica, tag, keys);
        MarkDirty();
    }

    /// <summary>Reads no answers until <see cref="Connection.Admit"/>.</summary>
    public void Pause() => PauseReading();

    public void PollStatistics()
    {
        if (IsUp && !_probe.IsUnderWay) _probe.Send();
    }

    internal void OnIdentified(string incarnation, MemberStatistics statistics)
    {
        if (!_worker.Settings.Safeguards.IncarnationCheck) incarnation = Record.FirstIncarnation ?? incarnation;
        _identity.Meet(incarnation, statistics);

        // Another process than expected may have the address of a member, and another amount of memory.
        if (IsExpectedProcess) _memory.RaiseTo(_identity.Entry.MemoryMebibytes, statistics.LimitMaxBytes, _identity.Entry.Name);
        if (_phase != Phase.Connecting) return;
        (_phase, _upSince) = (Phase.Up, Loop.Now);
        _delay.Reset();
        Record.SetReachable(_worker.Index, true);
        _worker.Log.MemberUp(_identity.Entry.Name, EndPoint, incarnation, IsExpectedProcess);
    }

    protected override int OnData(ReadOnlySpan<byte> data)
    {
        var consumed = 0;
        while (consumed < data.Length)
        {
            if (!MemberReplyParser.TryParse(data[consumed..], out var reply, out var used, out var needed))
            {
                Needed = needed;
                break;
            }

            if (_pending.Count == 0) throw new ProtocolException("a member sent a reply that nobody asked for");
            consumed += used;
            if (reply.Kind is ReplyKind.Item or ReplyKind.Stat)
            {
                ref readonly var first = ref _pending[0];
                first.Target.OnPart(first.Replica, first.Tag, reply);
                continue;
            }

            var entry = _pending.Dequeue();
            entry.Target.Deliver(entry.Replica, entry.Tag, reply);
        }

        return consumed;
    }

    protected override void OnFlushing() => SendReads();

    protected override void OnConnected()
    {
        // A connection of the same address that was given up has ended at the member, else this one could not have begun.
        _local = LocalEndPoint;
        Record.Forget(_local);
    }

    protected override bool MayHold(int size) => _worker.Memory.MayHoldAnswer(size);

    protected override void OnDrained()
    {
        if (_isCongested) SetCongested(false);
    }

    // Before the hints of what it holds turn into missed writes: the member must not get them after it was filled anew.
    protected override void OnClosing(Socket socket) =>
        DeadPeers.LimitDelivery(socket, TimeSpan.FromTicks(Math.Min((_worker.Settings.HintWindow / 2).Ticks, _worker.Settings.DeadPeerTimeout.Ticks)));

    protected override void OnClosed(Exception? cause)
    {
        if (_isCongested) SetCongested(false);
        var wasStable = _phase == Phase.Up && Loop.Now - _upSince >= StableAfter;
        if (_phase == Phase.Up && !_isRemoved) _worker.Log.MemberDown(_identity.Entry.Name, EndPoint, cause?.Message ?? "closed by the member");
        _phase = Phase.Down;
        _identity.Forget();
        _watch.Disarm();
        Record.SetReachable(_worker.Index, false);
        if (_local is not null && _pending.Count > _mark.Outstanding + (_probe.IsUnderWay ? 1 : 0) + (_memory.IsUnderWay ? 1 : 0)) Record.Abandon(_local);
        _local = null;
        _memory.Forget();
        _pending.Fail();
        var unsent = _reads;
        _reads = null;
        unsent?.Fail(0, 0);

        if (_isRemoved) return;
        if (wasStable && cause is not TimeoutException)
        {
            Connect(optimistic: true);
        }
        else
        {
            _reconnect.Arm(_delay.Next());
        }
    }

    private void Connect(bool optimistic)
    {
        _reconnect.Disarm();
        (_phase, _isOptimistic) = (Phase.Connecting, optimistic);
        if (OutgoingSocket.Connect(EndPoint, _worker.Settings.DeadPeerTimeout) is not { } socket)
        {
            _phase = Phase.Down;
            _reconnect.Arm(_delay.Next());
            return;
        }

        Attach(socket, connecting: true);
        _probe.Send();
    }

    // What is to be sent in order must not overtake the reads that are still collected.
    private void SendReads()
    {
        if (_reads is not { } reads) return;
        _reads = null;
        Commit(reads, 0, 0, reads.WriteTo(Output.GetSpan(reads.Length)));
    }

    private void SetCongested(bool congested)
    {
        _isCongested = congested;
        _worker.Turns.OnCongestion(congested);
    }

    private void Watch()
    {
        if (_pending.Count == 0) return;
        if (_watch.Lateness >= _patience.Hedge)
        {
            // This proxy itself stood still: what the members did meanwhile is about to be read.
            _watch.Arm(1);
            return;
        }

        var silence = Loop.Now - Math.Max(LastProgress, _pending[0].SentAt);
        if (_patience.IsOver(silence) && !IsPaused)
        {
            Close(new TimeoutException($"no answer for {_patience.Timeout} ms"));
            return;
        }

        // An answer that is arriving is not slow, but large.
        var isArriving = IsPaused || (IsReceivingLarge && !_patience.IsSilent(silence));
        if (!isArriving) _pending.FindSlow(Loop.Now - _patience.OfOne(silence));
        _watch.Arm(_patience.Interval);
    }
}
