using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// One client request on its way through the members: it sends, is told every reply or failure, and gives the client
/// one answer. It lives until it is answered and no member owes it a reply any more, then it is used again. A client
/// that leaves does not stop it.
/// </summary>
internal abstract class Operation(Worker worker) : ReplyTarget
{
    private readonly byte[] _key = new byte[MaxKeyLength];
    private AnswerBuffer? _composer;
    private byte[] _tokens = [];
    private int _keyLength;
    private int _tokensLength;
    private int _owed;
    private bool _isRunning;
    private long _measuredFrom;
    private long _expected;
    private bool _done;
    private ReadOnlyMemory<byte> _reply;

    /// <summary>Of a key in requests to members: one in base64 is followed by a flag.</summary>
    public const int MaxKeyLength = ClientParser.MaxKeyLength + 2;

    /// <summary>Whoever waits for the answer; null when the client has gone.</summary>
    public ClientConnection? Client { get; private set; }

    /// <summary>Bytes that it holds of the client's input until it is over.</summary>
    public int Weight { get; private set; }

    /// <summary>How many keys the client asked for by it.</summary>
    public int Keys { get; private set; } = 1;

    /// <summary>Hash of the key.</summary>
    public ulong Hash { get; private set; }

    public bool IsDone => _done;

    /// <summary>Whether the client's later commands for the same key must wait until this one is over.</summary>
    public virtual bool IsOrdered => false;

    /// <summary>Whether it reads, and may still ask another replica when one fails or is slow.</summary>
    public virtual bool IsRead => false;

    /// <summary>Its place in the client's queue of answers; null at the end.</summary>
    internal Operation? Next { get; set; }

    /// <summary>Whether it still has a place in its client's queue of answers.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Whether the client is not told its answer.</summary>
    internal bool IsSilent { get; set; }

    protected Worker Worker { get; } = worker;

    protected ReplicaSet Replicas { get; private set; } = null!;

    /// <summary>Whether it is a meta command.</summary>
    protected bool IsMeta { get; private set; }

    /// <summary>The flags of a meta command.</summary>
    protected ReadOnlySpan<byte> MetaTokens => _tokens.AsSpan(0, _tokensLength);

    /// <summary>For an answer that cannot be given yet.</summary>
    protected AnswerBuffer Composer => _composer ??= new AnswerBuffer(Worker.Loop.Buffers);

    protected ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <param name="client">Who asks, if anybody.</param>
    /// <param name="key">As requests name it, see <see cref="MemberRequests"/>.</param>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="replicas">The members that hold the key.</param>
    /// <param name="weight">See <see cref="Weight"/>.</param>
    /// <param name="keys">See <see cref="Keys"/>.</param>
    protected void Prepare(ClientConnection? client, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, int weight, int keys = 1)
    {
        key.CopyTo(_key);
        (Weight, Keys) = (weight, keys);
        _keyLength = key.Length;
        (Client, Hash, Replicas) = (client, hash, replicas);
        _done = false;
        _owed = 0;
        (IsMeta, _tokensLength) = (false, 0);
    }

    /// <summary>Makes it a meta command, after it was prepared.</summary>
    protected void KeepTokens(ReadOnlySpan<byte> tokens)
    {
        IsMeta = true;
        if (_tokens.Length < tokens.Length) _tokens = new byte[Math.Max(tokens.Length, 64)];
        tokens.CopyTo(_tokens);
        _tokensLength = tokens.Length;
    }

    /// <summary>Sends the first requests, or those that follow a wait. May be over before it returns.</summary>
    public void Run()
    {
        if (!_isRunning) Begin();
        _owed++;
        Start();
        _owed--;
        RecycleIfOver();
    }

    /// <summary>The client has gone; what is under way is finished without it.</summary>
    internal void Abandon()
    {
        Client = null;
        IsQueued = false;
        Next = null;
        RecycleIfOver();
    }

    /// <summary>Its turn in the client's queue has come: writes the answer and leaves the queue.</summary>
    internal void Emit(AnswerStream answers)
    {
        IsQueued = false;
        Next = null;
        if (!IsSilent) WriteAnswer(answers);
        RecycleIfOver();
    }

    // Both keep the operation owed until they return: an answer given on the way must not end it.
    internal sealed override void Deliver(int replica, int tag, in MemberReply reply)
    {
        OnReply(replica, tag, reply);
        _owed--;
        RecycleIfOver();
    }

    internal sealed override void Fail(int replica, int tag)
    {
        OnFailure(replica, tag);
        _owed--;
        RecycleIfOver();
    }

    /// <summary>Whether the key is one of those that it reads.</summary>
    /// <param name="key">As the client names it; empty when that is in base64.</param>
    /// <param name="hash">Its hash.</param>
    internal virtual bool Reads(ReadOnlySpan<byte> key, ulong hash) => hash == Hash;

    /// <summary>Adds the hashes of the keys that it reads.</summary>
    internal virtual void AddKeys(ref HashFilter filter) => filter.Add(Hash);

    protected abstract void Start();

    protected abstract void OnReply(int replica, int tag, in MemberReply reply);

    /// <summary>The connection was lost or given up before the reply came: the member may or may not have acted.</summary>
    protected abstract void OnFailure(int replica, int tag);

    /// <summary>Back to its pool.</summary>
    protected abstract void Recycle();

    protected virtual void WriteAnswer(AnswerStream answers)
    {
        if (!_reply.IsEmpty) answers.Send(_reply.Span);
    }

    /// <summary>Where to write a request for the key, see <see cref="MemberConnection.Reserve"/>.</summary>
    /// <param name="replica">Whom it is for.</param>
    /// <param name="more">Bytes of what it says beside the key.</param>
    protected Span<byte> Reserve(int replica, int more = 0) => Replicas[replica].Reserve(_keyLength + more + MemberRequests.Overhead);

    /// <summary>The same for a part of a set or delete, see <see cref="MemberConnection.ReserveChange"/>.</summary>
    protected Span<byte> ReserveChange(int replica, int more = 0) => Replicas[replica].ReserveChange(_keyLength + more + MemberRequests.Overhead);

    /// <summary>Hands a request that was written to what was reserved to the member.</summary>
    protected void Request(int replica, int tag, int length)
    {
        _owed++;
        Replicas[replica].Commit(this, replica, tag, length);
    }

    /// <summary>The same for a request that ends with a large value, which is taken over.</summary>
    protected void Request(int replica, int tag, int length, in SharedSlice value)
    {
        _owed++;
        Replicas[replica].Commit(this, replica, tag, length, value);
    }

    /// <summary>Reads items, see <see cref="MemberConnection.Read"/>.</summary>
    protected void Read(int replica, int tag, ReadOnlySpan<byte> keys)
    {
        _owed++;
        Replicas[replica].Read(this, replica, tag, keys);
    }

    /// <summary>
    /// The member has told this operation, by which no client asked, that it has won a stale item: lets another one win,
    /// if the item is still of this version.
    /// </summary>
    protected void GiveWinBack(int replica, int tag, ulong version)
    {
        var target = Reserve(replica);
        Request(replica, tag, MemberRequests.Mark(target, Key, new MetaFlags { Invalidates = true }, version, version));
    }

    /// <summary>Gives a fixed answer, or one of the <see cref="Composer"/>; it is not copied.</summary>
    protected void Finish(ReadOnlyMemory<byte> reply)
    {
        _reply = reply;
        Finish();
    }

    /// <summary>Gives the answer that <see cref="WriteAnswer"/> writes.</summary>
    protected void Finish()
    {
        _done = true;
        if (_measuredFrom != 0) Worker.Metrics.Latency.Record(Worker.Time.GetElapsedTime(_measuredFrom));
        _measuredFrom = 0;
        if (IsQueued) Client!.OnDone(this);
    }

    /// <summary>The operation holds more for its client than it did.</summary>
    internal void AddWeight(int bytes)
    {
        Weight += bytes;
        Client!.AddWeight(bytes);
    }

    private void Begin()
    {
        _isRunning = true;
        _expected = Keys * (Client?.TypicalRequest ?? MemoryGuard.RequestSize);
        Worker.Memory.Count(Keys, _expected);
        if (Worker.IsNextMeasured()) _measuredFrom = Worker.Time.GetTimestamp();
    }

    private void RecycleIfOver()
    {
        if (_owed > 0 || !_done || IsQueued) return;
        _composer?.Release();
        _reply = default;
        Worker.Memory.Count(-Keys, -_expected);
        Client?.OnOver(this);
        Client = null;
        _done = _isRunning = false;
        Recycle();
    }
}
