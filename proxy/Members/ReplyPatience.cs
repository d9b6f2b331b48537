namespace CacheOperator.Proxy.Members;

/// <summary>How long requests wait for a member. All in milliseconds.</summary>
/// <param name="Hedge">Silence after which reads are asked for elsewhere, too.</param>
/// <param name="Timeout">Silence after which the member is given up.</param>
internal readonly record struct ReplyPatience(long Hedge, long Timeout)
{
    // How many times longer a request may wait for a member that answers others meanwhile: one that answers, if late, has a
    // queue to work off, and asking elsewhere as well would make queues longer.
    private const int WithBusy = 4;

    /// <summary>How often to look.</summary>
    public long Interval => Math.Max(Hedge / 4, 1);

    /// <param name="silence">For how long the member has sent nothing of what it owes.</param>
    public bool IsSilent(long silence) => silence >= Hedge;

    /// <inheritdoc cref="IsSilent"/>
    public bool IsOver(long silence) => silence >= Timeout;

    /// <summary>How long one request may wait before it is slow.</summary>
    /// <inheritdoc cref="IsSilent"/>
    public long OfOne(long silence) => IsSilent(silence) ? Hedge : Hedge * WithBusy;
}
