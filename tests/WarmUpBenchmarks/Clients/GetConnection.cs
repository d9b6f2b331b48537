using System.Net;
using System.Net.Sockets;

namespace CacheOperator.WarmUpBenchmarks.Clients;

/// <summary>One connection: gets go out in lots, answers come in order.</summary>
internal sealed class GetConnection : IDisposable
{
    private const int BufferBytes = 256 << 10;
    private const int TimeoutMilliseconds = 5000;

    private readonly ItemText _text;
    private readonly Queue<PendingGet> _pending = [];
    private readonly byte[] _requests = new byte[BufferBytes];
    private readonly byte[] _replies = new byte[BufferBytes];
    private int _unsent;
    private int _start;
    private int _end;

    /// <exception cref="SocketException">Nobody listens.</exception>
    public GetConnection(IPEndPoint endPoint, ItemText text)
    {
        _text = text;
        Socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = TimeoutMilliseconds, ReceiveTimeout = TimeoutMilliseconds };
        try
        {
            Socket.Connect(endPoint);
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public Socket Socket { get; }

    /// <summary>What was asked and not answered.</summary>
    public IReadOnlyCollection<PendingGet> Pending => _pending;

    public void Get(PendingGet get)
    {
        Reserve(_text.MostBytes);
        _unsent += ItemText.WriteGet(_requests.AsSpan(_unsent), get.Key);
        _pending.Enqueue(get);
    }

    public void Set(int key)
    {
        Reserve(_text.MostBytes);
        _unsent += _text.WriteSet(_requests.AsSpan(_unsent), key);
    }

    /// <exception cref="SocketException">The connection broke.</exception>
    public void Flush()
    {
        for (var sent = 0; sent < _unsent;) sent += Socket.Send(_requests.AsSpan(sent, _unsent - sent));
        _unsent = 0;
    }

    /// <summary>Takes what has arrived. False: the peer has closed.</summary>
    public bool Receive()
    {
        _replies.AsSpan(_start.._end).CopyTo(_replies);
        (_start, _end) = (0, _end - _start);
        var count = Socket.Receive(_replies.AsSpan(_end));
        _end += count;
        return count > 0;
    }

    /// <summary>The next answer, if all of it is here.</summary>
    public bool TryTake(out PendingGet get, out GetOutcome outcome)
    {
        (get, outcome) = (default, GetOutcome.Failed);
        var received = _replies.AsSpan(_start.._end);
        if (received.Length == 0 || !_pending.TryPeek(out get)) return false;
        if (received[0] == 'V')
        {
            var hit = _text.HitOf(get.Key);
            if (received.Length < hit.Length) return false;
            // Where a wrong value ends nobody can tell, so nothing after it can be trusted either.
            if (!received[..hit.Length].SequenceEqual(hit)) throw new SocketException((int)SocketError.ProtocolNotSupported);
            _start += hit.Length;
            outcome = GetOutcome.Hit;
        }
        else
        {
            var line = received.IndexOf((byte)'\n');
            if (line < 0) return false;
            outcome = received[..line].SequenceEqual("END\r"u8) ? GetOutcome.Miss : GetOutcome.Failed;
            _start += line + 1;
        }

        _pending.Dequeue();
        return true;
    }

    public void Dispose() => Socket.Dispose();

    private void Reserve(int bytes)
    {
        if (_unsent + bytes > BufferBytes) Flush();
    }
}
