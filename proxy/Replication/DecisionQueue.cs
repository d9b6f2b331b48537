using System.Runtime.InteropServices;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// Lets the conditional writes of one event loop for one key be decided one after the other: at the same time, they
/// would only make each other try again.
/// </summary>
internal sealed class DecisionQueue
{
    private readonly Dictionary<ulong, ConditionalOperation> _last = [];

    // Not run from within each other: a whole queue may fail at once.
    private readonly Queue<ConditionalOperation> _due = new();
    private bool _isRunning;

    /// <returns>Whether it is this operation's turn; otherwise it is run again when it is.</returns>
    public bool Enter(ConditionalOperation operation)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, operation.Hash, out var isWaiting);
        if (isWaiting) last!.NextDecision = operation;
        last = operation;
        return !isWaiting;
    }

    public void Leave(ConditionalOperation operation)
    {
        if (operation.NextDecision is not { } next)
        {
            _last.Remove(operation.Hash);
            return;
        }

        operation.NextDecision = null;
        _due.Enqueue(next);
        if (_isRunning) return;
        _isRunning = true;
        try
        {
            while (_due.TryDequeue(out var due)) due.Run();
        }
        finally
        {
            _isRunning = false;
        }
    }
}
