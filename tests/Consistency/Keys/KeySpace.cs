using CacheOperator.Proxy.Routing;

namespace CacheOperator.Consistency.Keys;

/// <summary>All keys of a run.</summary>
internal sealed class KeySpace
{
    private readonly Dictionary<KeyFamily, IReadOnlyList<Key>> _families;
    private readonly Dictionary<string, Key> _byName;

    public KeySpace(int coldKeys, int shards)
    {
        (KeyFamily Family, int Count)[] counts =
        [
            (KeyFamily.Hot, 16), (KeyFamily.Cold, coldKeys), (KeyFamily.CountUp, 4), (KeyFamily.CountDown, 4), (KeyFamily.Lock, 6), (KeyFamily.Log, 6),
        ];
        All =
        [
            .. from entry in counts
               from number in Enumerable.Range(0, entry.Count)
               let name = $"{entry.Family}-{number}"
               select new Key(name, entry.Family, JumpHash.Shard(KeyHash.Of(name), shards)),
        ];
        _families = All.GroupBy(key => key.Family).ToDictionary(family => family.Key, family => (IReadOnlyList<Key>)[.. family]);
        _byName = All.ToDictionary(key => key.Name);
    }

    public IReadOnlyList<Key> All { get; }

    public IReadOnlyList<Key> Of(KeyFamily family) => _families[family];

    public Key? Find(string name) => _byName.GetValueOrDefault(name);
}
