namespace CacheOperator.Operator.Growth;

/// <summary>
/// How long members have waited while they were given more memory, and which were given up. A new leader begins to count anew, and comes to the same end.
/// </summary>
internal sealed class GrowthLedger
{
    private readonly Dictionary<string, (GrowthStage Stage, DateTimeOffset Since)> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Uid, string Revision), string> _givenUp = [];

    /// <summary>For how long the pod has waited for this and nothing else.</summary>
    public TimeSpan WaitedFor(string uid, GrowthStage stage, DateTimeOffset now)
    {
        if (!_waiting.TryGetValue(uid, out var known) || known.Stage != stage) _waiting[uid] = known = (stage, now);
        return now - known.Since;
    }

    public bool IsGivenUp(string uid, string revision) => _givenUp.ContainsKey((uid, revision));

    /// <param name="uid">The pod that is to be replaced.</param>
    /// <param name="revision">Another one may be within its reach.</param>
    /// <param name="why">A whole sentence without its end.</param>
    public void GiveUp(string uid, string revision, string why) => _givenUp[(uid, revision)] = why;

    /// <summary>Why pods that are still there are replaced.</summary>
    public IReadOnlyList<string> Reasons => [.. _givenUp.Values];

    /// <summary>Forgets pods that are gone, and those that wait for nothing.</summary>
    public void Keep(HashSet<string> uids)
    {
        foreach (var uid in _waiting.Keys.Where(uid => !uids.Contains(uid)).ToList()) _waiting.Remove(uid);
        foreach (var key in _givenUp.Keys.Where(key => !uids.Contains(key.Uid)).ToList()) _givenUp.Remove(key);
    }
}
