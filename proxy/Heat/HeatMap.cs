namespace CacheOperator.Proxy.Heat;

/// <summary>How hot keys are: a copy goes by one that does not change meanwhile, so that each of several listings puts them into the same order.</summary>
/// <param name="counts">Of a <see cref="ReadSketch"/>; empty when nothing is known.</param>
internal sealed class HeatMap(byte[] counts)
{
    /// <summary>Last accesses count in steps of 2^8 seconds, so that one number holds them below the reads.</summary>
    private const int AccessShift = 8;

    public static HeatMap Unknown { get; } = new([]);

    /// <summary>How hot an item is: by how often it was read, and among equals by its last access.</summary>
    /// <param name="keyHash">See <see cref="Routing.KeyHash"/>.</param>
    /// <param name="lastAccess">Unix seconds.</param>
    public uint HeatOf(ulong keyHash, long lastAccess)
    {
        if (counts.Length == 0) return (uint)lastAccess;
        var reads = Math.Min(counts[ReadSketch.FirstOf(keyHash)], counts[ReadSketch.SecondOf(keyHash)]);
        return ((uint)reads << (32 - AccessShift)) | ((uint)lastAccess >> AccessShift);
    }
}
