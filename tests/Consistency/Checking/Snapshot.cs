using CacheOperator.Consistency.Keys;
using CacheOperator.Fleet;
using CacheOperator.Fleet.Memcached;

namespace CacheOperator.Consistency.Checking;

/// <summary>What every member holds while nobody writes.</summary>
internal sealed class Snapshot
{
    // Longer than a round, so that none expires in the next one either.
    private const long ExpiryMargin = 120;
    private readonly HashSet<Key> _expiring = [];
    private readonly Dictionary<Key, SnapshotItem?[]> _items = [];

    private Snapshot(IReadOnlyList<FleetMember> members) => Members = members;

    public static Snapshot Empty { get; } = new([]);

    public IReadOnlyList<FleetMember> Members { get; }

    /// <summary>One entry for each replica of the key's shard, null where it holds nothing.</summary>
    public IReadOnlyList<SnapshotItem?> Of(Key key) => _items.GetValueOrDefault(key) ?? [];

    /// <summary>Whether the key's item expires soon, on one member sooner than on another.</summary>
    public bool IsExpiring(Key key) => _expiring.Contains(key);

    /// <summary>Items that belong to no key of the run: nothing of the kind should be there.</summary>
    public List<string> Strange { get; } = [];

    /// <summary>Whether two members hold different items of some key; not whether one holds nothing.</summary>
    public bool IsDivided => _items.Any(replicas =>
        !IsExpiring(replicas.Key) && replicas.Value.OfType<SnapshotItem>().ToList() is [var first, .. var others] && others.Exists(item => !first.IsSame(item, withExpiry: false)));

    public static async Task<Snapshot> TakeAsync(IReadOnlyList<FleetMember> members, KeySpace keys, CancellationToken cancellationToken)
    {
        var snapshot = new Snapshot([.. members.OrderBy(member => member.Zone, StringComparer.Ordinal)]);
        foreach (var shard in snapshot.Members.GroupBy(member => member.Shard))
        {
            var zones = shard.ToList();
            for (var zone = 0; zone < zones.Count; zone++)
                snapshot.Add(await Contents.ReadAsync(zones[zone].EndPoint, cancellationToken), keys, shard.Key, zone, zones.Count);
        }

        return snapshot;
    }

    private void Add(Dictionary<string, StoredItem> contents, KeySpace keys, int shard, int zone, int zones)
    {
        var soon = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + ExpiryMargin;
        foreach (var (name, item) in contents)
        {
            if (item.Value.Length == 0 && item.Version % 2 == 1) continue;
            if (keys.Find(name) is not { } key || key.Shard != shard || !Values.TryRead(key, item.Value, out var mark))
            {
                Strange.Add($"shard {shard}, zone {zone}: {name} = {item.Value}");
                continue;
            }

            if (item.Expiry >= 0 && item.Expiry <= soon) _expiring.Add(key);
            if (!_items.TryGetValue(key, out var replicas)) _items[key] = replicas = new SnapshotItem?[zones];
            replicas[zone] = new SnapshotItem(mark, item.Version, item.Flags, item.Expiry, item.Value);
        }
    }
}
