namespace CacheOperator.Consistency.Keys;

internal sealed record Key(string Name, KeyFamily Family, int Shard)
{
    public bool IsCounter => Family is KeyFamily.CountUp or KeyFamily.CountDown;
}
