using CacheOperator.Proxy.Configuration;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>How much a copy asks for at a time. The defaults keep a single-threaded source responsive to its clients.</summary>
internal sealed record CopyLimits
{
    /// <summary>Keys looked at in one go, where they are looked at one by one.</summary>
    public int BatchItems { get; init; } = 512;

    /// <summary>Bytes of items asked for in one go, where items are held; a larger item travels alone.</summary>
    public int BatchBytes { get; init; } = 256 * 1024;

    /// <summary>Items asked for and not answered yet, and as many being stored.</summary>
    public int ItemsUnderWay { get; init; } = 2048;

    /// <summary>Bytes of items asked for and not answered yet; a larger item travels alone.</summary>
    public long BytesUnderWay { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of keys held at a time; a larger member is listed several times, its hottest keys first.</summary>
    public int BandBytes { get; init; } = 36 * 1024 * 1024;

    /// <summary>How often an item that keeps changing is tried before it is left out.</summary>
    public int Rounds { get; init; } = 4;

    /// <summary>What a copy must not do without.</summary>
    public Safeguards Safeguards { get; init; } = Safeguards.All;

    /// <summary>How long a member may be silent, or take to connect, before the copy fails.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After this the system gives up on what it has not delivered: a little more than the patience, and less than it takes the operator to give the copy of a silent
    /// proxy to another one.
    /// </summary>
    public TimeSpan LongestDelivery => Patience * 1.5;

    /// <summary>How long requests of an earlier copy may still arrive at a target, after all proxies have been told that it has ended.</summary>
    public TimeSpan Straggling { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait for a member whose crawler is taken by another listing.</summary>
    public TimeSpan CrawlerPatience { get; init; } = TimeSpan.FromMinutes(2);
}
