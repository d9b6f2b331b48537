namespace CacheOperator.WarmUpBenchmarks.Clients;

/// <summary>
/// Numbers of keys, asked for as Zipf's law has it: the n-th most popular one 1/n^exponent times as often as the first. Which keys are popular has nothing to do
/// with their numbers.
/// </summary>
internal sealed class ZipfKeys
{
    public const double DefaultExponent = 0.99;
    private const int Seed = 1;

    /// <summary>Share of all requests that goes to this rank and those before it.</summary>
    private readonly double[] _upTo;
    private readonly int[] _keys;
    private readonly int[] _ranks;

    public ZipfKeys(int count, double exponent = DefaultExponent)
    {
        (_upTo, _keys, _ranks) = (new double[count], [.. Enumerable.Range(0, count)], new int[count]);
        var sum = 0.0;
        for (var rank = 0; rank < count; rank++) _upTo[rank] = sum += Math.Pow(rank + 1, -exponent);
        for (var rank = 0; rank < count; rank++) _upTo[rank] /= sum;
        new Random(Seed).Shuffle(_keys);
        for (var rank = 0; rank < count; rank++) _ranks[_keys[rank]] = rank;
    }

    public int Count => _keys.Length;

    /// <summary>The key of the next request.</summary>
    public int Next(Random random)
    {
        var at = Array.BinarySearch(_upTo, random.NextDouble());
        return _keys[Math.Min(at < 0 ? ~at : at, Count - 1)];
    }

    /// <summary>Which part of the requests is for this key; 0..1.</summary>
    public double ShareOf(int key) => _ranks[key] == 0 ? _upTo[0] : _upTo[_ranks[key]] - _upTo[_ranks[key] - 1];

    /// <summary>Which part of the requests is for the most popular keys: the hit rate of who holds exactly these.</summary>
    public double ShareOfHottest(int keys) => keys == 0 ? 0 : _upTo[keys - 1];
}
