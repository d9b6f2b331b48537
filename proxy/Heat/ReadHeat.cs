namespace CacheOperator.Proxy.Heat;

/// <summary>How often keys are read through this proxy. Others of the zone get a share of the same reads, so its own tell which keys are hot.</summary>
/// <param name="loops">How many event loops there are, each with a sketch of its own.</param>
internal sealed class ReadHeat(int loops)
{
    private readonly ReadSketch[] _sketches = [.. Enumerable.Range(0, loops).Select(_ => new ReadSketch())];

    /// <param name="loop">0..loops-1; its thread alone may record.</param>
    public ReadSketch this[int loop] => _sketches[loop];

    /// <summary>The counts of all loops as they are now.</summary>
    public HeatMap Take()
    {
        var counts = _sketches[0].Counts.ToArray();
        foreach (var sketch in _sketches.AsSpan(1))
        {
            var more = sketch.Counts;
            for (var i = 0; i < counts.Length; i++) counts[i] = (byte)Math.Min(byte.MaxValue, counts[i] + more[i]);
        }

        return new HeatMap(counts);
    }
}
