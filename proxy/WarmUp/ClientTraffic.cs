namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Whether a source is used by others than the copy, from how many commands it has counted and how many of those were the copy's own. One thread observes, any may ask
/// and count.
/// </summary>
/// <param name="time">Clock that it goes by.</param>
internal sealed class ClientTraffic(TimeProvider time)
{
    /// <summary>Fewer commands than this in <see cref="Memory"/> are nobody whom a copy could disturb.</summary>
    private const long LeastCommands = 50;

    /// <summary>How long clients count as there after they were seen.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    private long _own;
    private long? _others;
    private long _seenAt;
    private bool _isThere;

    public bool IsThere => Volatile.Read(ref _isThere);

    /// <summary>The copy asks for so many items, and is about to send that.</summary>
    public void CountOwn(int items) => Interlocked.Add(ref _own, items);

    /// <summary>The source has counted so many commands.</summary>
    public void Observe(long commands)
    {
        // What is still on its way counts as answered, so this is never more than others have sent; it grows only if they do.
        var others = commands - Interlocked.Read(ref _own);
        var now = time.GetTimestamp();
        if (_others is not { } before)
        {
            _others = others;
        }
        else if (others >= before + LeastCommands)
        {
            (_others, _seenAt) = (others, now);
            Volatile.Write(ref _isThere, true);
        }
        else if (_isThere && time.GetElapsedTime(_seenAt, now) > Memory)
        {
            Volatile.Write(ref _isThere, false);
        }
    }
}
