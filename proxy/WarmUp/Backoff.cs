namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Which part of its largest lots a copy asks its source for at a time, with a rest after each, while clients use the source; everything at once while none do. From how long
/// the source takes to answer: halved when that has risen, a little more when it has not. One thread observes, any may ask.
/// </summary>
/// <param name="clients">Those of the source.</param>
internal sealed class Backoff(ClientTraffic clients)
{
    /// <summary>Round trips from one decision to the next. The first so many, before the copy asks for anything, tell what is usual.</summary>
    public const int Window = 10;

    /// <summary>However slow the source is, the copy goes on with this much: it is what brings relief in the end.</summary>
    public const double LeastShare = 1.0 / 256;

    /// <summary>What it begins with beside clients: 16 small items, which takes nobody a tenth of a millisecond.</summary>
    public const double FirstShare = 1.0 / 64;

    /// <summary>And what it comes to at most: a lot that takes the source and the others on its machine no longer than a client would notice.</summary>
    public const double LargestShare = 1.0 / 32;

    private const double Increase = 1.05;
    private const double TolerableFactor = 1.5;

    /// <summary>What waking up costs on a busy machine, whichever side is slow.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(0.3);

    private readonly TimeSpan[] _roundTrips = new TimeSpan[Window];
    private int _observed;
    private TimeSpan? _usual;
    private double _share = FirstShare;

    /// <summary><see cref="LeastShare"/>..1.</summary>
    public double Share => clients.IsThere ? Volatile.Read(ref _share) : 1;

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
        else if (clients.IsThere)
            Volatile.Write(ref _share, median > (usual * TolerableFactor) + Slack ? Math.Max(LeastShare, _share / 2) : Math.Min(LargestShare, _share * Increase));
    }
}
