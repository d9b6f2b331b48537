using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Clients;

/// <summary>
/// What a client is answered, by its operations in the order of its commands. They wait in a list that is linked through
/// themselves; the first one may write at once.
/// </summary>
/// <param name="client">Whose they are.</param>
/// <param name="output">What is on its way to the client.</param>
internal sealed class AnswerStream(ClientConnection client, OutputBuffer output)
{
    private Operation? _last;

    /// <summary>The operation whose turn it is.</summary>
    public Operation? First { get; private set; }

    /// <summary>Whether a part of the command that is being answered has failed: the answer ends with an error.</summary>
    public bool HasFailed { get; set; }

    /// <summary>For whoever's turn it is: what is written here is told to <see cref="Written"/>.</summary>
    public OutputBuffer Output => output;

    /// <summary>Whether it is this operation's turn to be answered.</summary>
    public bool IsNext(Operation operation) => First == operation;

    /// <param name="operation">Comes last.</param>
    /// <param name="silent">Whether it takes its turn without a word.</param>
    public void Add(Operation operation, bool silent)
    {
        (operation.IsQueued, operation.IsSilent) = (true, silent);
        if (_last is null) First = operation;
        else _last.Next = operation;
        _last = operation;
    }

    /// <summary>An operation has its answer: gives it, and those that have waited for that, if it is its turn.</summary>
    public void OnDone(Operation operation)
    {
        if (!IsNext(operation)) return;
        while (First is { IsDone: true } next)
        {
            RemoveFirst();
            next.Emit(this);
        }
    }

    /// <summary>The client has gone.</summary>
    public void Abandon()
    {
        while (First is { } operation)
        {
            RemoveFirst();
            operation.Abandon();
        }
    }

    public Span<byte> Reserve(int size) => output.GetSpan(size);

    public void Commit(int length)
    {
        output.Advance(length);
        Written(length);
    }

    /// <summary>So many bytes have been written to <see cref="Output"/>.</summary>
    public void Written(long length) => client.OnAnswering(length);

    public void Send(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        Written(bytes.Length);
    }

    /// <summary>Sends what was kept aside.</summary>
    public void Send(OutputBuffer stash)
    {
        if (stash.Length == 0) return;
        Written(stash.Length);
        stash.MoveTo(output);
    }

    /// <summary>Sends a large value without copying it; the slice is taken over.</summary>
    public void Send(in SharedSlice value)
    {
        output.Write(value);
        Written(value.Length);
    }

    /// <summary>The last part of an answer that lists items has been written, or has failed.</summary>
    public void EndItems()
    {
        Send(HasFailed ? Replies.NoReplica : Replies.End);
        HasFailed = false;
    }

    private void RemoveFirst()
    {
        First = First!.Next;
        if (First is null) _last = null;
    }
}
