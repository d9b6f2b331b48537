namespace CacheOperator.Proxy.Topology;

/// <summary>
/// The generations that members show and this proxy has not applied: others act by them. Any thread may call it.
/// </summary>
/// <param name="patience">How long it may lack one; zero for as long as it takes.</param>
/// <param name="time">Its clock.</param>
internal sealed class NewerGenerations(TimeSpan patience, TimeProvider time)
{
    private const int MaxLacking = 64;

    private readonly Lock _lock = new();
    private readonly List<(long Generation, TimeSpan Since)> _lacking = [];
    private readonly long _begin = time.GetTimestamp();
    private TimeSpan _lastLook;
    private TimeSpan _shownUntil;
    private long _applied;

    /// <summary>The newest of them; 0 for none.</summary>
    public long Newest
    {
        get
        {
            lock (_lock)
            {
                ForgetVanished();
                return _lacking.Count == 0 ? 0 : _lacking[^1].Generation;
            }
        }
    }

    /// <summary>Whether this proxy has lacked one of them for too long.</summary>
    public bool IsOutdated
    {
        get
        {
            lock (_lock)
            {
                ForgetVanished();
                return patience > TimeSpan.Zero && _lacking.Count > 0 && Now - _lacking[0].Since >= patience;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_begin);

    /// <summary>A member shows a generation.</summary>
    /// <param name="generation">0 when it shows none.</param>
    /// <param name="left">How long it will do so. For so long the generation is remembered: a flush or restart of members does not end it.</param>
    public void Saw(long generation, TimeSpan left)
    {
        lock (_lock)
        {
            ForgetVanished();
            if (generation > _applied)
            {
                if (_shownUntil < Now + left) _shownUntil = Now + left;

                // Since the last look, for this proxy may have stood still meanwhile.
                if (_lacking.Count == 0 || (generation > _lacking[^1].Generation && _lacking.Count < MaxLacking)) _lacking.Add((generation, _lastLook));
                else if (generation > _lacking[^1].Generation) _lacking[^1] = (generation, _lacking[^1].Since);
            }

            _lastLook = Now;
        }
    }

    public void Applied(long generation)
    {
        lock (_lock)
        {
            _applied = generation;
            _lacking.RemoveAll(lacking => lacking.Generation <= generation);
        }
    }

    private void ForgetVanished()
    {
        if (Now >= _shownUntil) _lacking.Clear();
    }
}
