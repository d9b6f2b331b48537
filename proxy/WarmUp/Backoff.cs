namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Which part of the time a copy may keep its source busy, from how long the source takes to answer: halved when that
/// has risen, a little more when it has not. One thread observes, any may ask.
/// </summary>
internal sealed class Backoff
{
    /// <summary>Round trips from one decision to the next. The first so many, before the copy asks for anything, tell what is usual.</summary>
    public const int Window = 5;

    /// <summary>However slow the source is, the copy goes on with this much: it is what brings relief in the end.</summary>
    public const double LeastShare = 0.1;

    private const double Increase = 0.1;
    private const double TolerableFactor = 2;

    /// <summary>What waking up costs on a busy machine, whichever side is slow.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(5);

    private readonly TimeSpan[] _roundTrips = new TimeSpan[Window];
    private int _observed;
    private TimeSpan? _usual;
    private double _share = 1;

    /// <summary><see cref="LeastShare"/>..1.</summary>
    public double Share => Volatile.Read(ref _share);

    public void Observe(TimeSpan roundTrip)
    {
        _roundTrips[_observed] = roundTrip;
        _observed = (_observed + 1) % Window;
        if (_observed > 0)
            return;
        _roundTrips.AsSpan().Sort();
        var median = _roundTrips[Window / 2];
        if (_usual is not { } usual)
            _usual = median;
        else
            Volatile.Write(ref _share, median > (usual * TolerableFactor) + Slack ? Math.Max(LeastShare, _share / 2) : Math.Min(1, _share + Increase));
    }
}
