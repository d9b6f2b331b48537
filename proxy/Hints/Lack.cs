namespace CacheOperator.Proxy.Hints;

/// <summary>What a replica lacks of a key that others have; the default is nothing.</summary>
/// <param name="Version">The version that an item must have at least to make up for it; 0 when no item is lacking.</param>
/// <param name="Touch">Version of the latest new expiry; 0 for none. It shows nowhere: an item that is touched keeps its version.</param>
internal readonly record struct Lack(ulong Version, ulong Touch) : IComparable<Lack>
{
    /// <summary>Nobody can tell.</summary>
    public static readonly Lack Unknown = new(ulong.MaxValue, ulong.MaxValue);

    public bool IsNothing => this == default;

    /// <summary>A wrong value is worse than a wrong expiry.</summary>
    public int CompareTo(Lack other) => Version != other.Version ? Version.CompareTo(other.Version) : Touch.CompareTo(other.Touch);

    /// <summary>What somebody lacks who lacks both.</summary>
    public Lack And(Lack other) => new(Math.Max(Version, other.Version), Math.Max(Touch, other.Touch));

    /// <summary>Whether a replica with this lack has, all the same, what makes up for another one's.</summary>
    public bool MakesUpFor(Lack other) => Version < Math.Max(other.Version, 1) && Touch < Math.Max(Math.Max(other.Version, other.Touch), 1);
}
