namespace CacheOperator.Proxy.Clients;

/// <summary>Counts the clients of all event loops.</summary>
/// <param name="max">How many there may be at a time.</param>
internal sealed class ClientLimit(int max)
{
    private int _count;

    /// <returns>Whether there is room for another one, which has to <see cref="Leave"/> then.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= max) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
