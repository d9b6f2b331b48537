using System.Net;

namespace CacheOperator.Topology;

/// <summary>Finds every fault of a document at once, each named by its place.</summary>
public static class TopologyValidator
{
    public const int MaxShards = 1024;
    public const int MaxListedProxyNumber = 511;

    public static IReadOnlyList<string> Validate(TopologyDocument document)
    {
        var errors = new List<string>();
        if (document.Schema is < 1 or > TopologyDocument.CurrentSchema)
            errors.Add($"schema: {document.Schema} is not understood (this version reads up to {TopologyDocument.CurrentSchema})");
        if (string.IsNullOrWhiteSpace(document.Cache)) errors.Add("cache: must name the cache");
        if (document.Generation < 1) errors.Add("generation: must be at least 1");
        if (document.Shards is < 1 or > MaxShards) errors.Add($"shards: {document.Shards} is not in 1..{MaxShards}");
        if (document.Zones.Count == 0) errors.Add("zones: must name at least one zone");
        AddDuplicates(errors, "zones", document.Zones);
        AddDuplicates(errors, "members", document.Members.Select(m => m.Uid));
        AddDuplicates(errors, "proxies", document.Proxies.Select(p => p.Name));
        AddDuplicates(errors, "copies", document.Copies.Select(c => c.Id));
        for (var i = 0; i < document.Members.Count; i++) ValidateMember(errors, document, i);
        for (var i = 0; i < document.Copies.Count; i++) ValidateCopy(errors, document, i);
        foreach (var group in document.Proxies.GroupBy(p => p.Number))
        {
            var names = string.Join(", ", group.Select(p => p.Name));
            if (group.Key is < 0 or > MaxListedProxyNumber) errors.Add($"proxies: number {group.Key} of {names} is not in 0..{MaxListedProxyNumber}");
            if (group.Skip(1).Any()) errors.Add($"proxies: {names} share the number {group.Key}");
        }

        return errors;
    }

    private static void ValidateMember(List<string> errors, TopologyDocument document, int index)
    {
        var member = document.Members[index];
        var place = $"members[{index}] ({member.Name})";
        if (string.IsNullOrEmpty(member.Uid)) errors.Add($"{place}.uid: must not be empty");
        if (!document.Zones.Contains(member.Zone)) errors.Add($"{place}.zone: {member.Zone} is not among the zones");
        if (member.Shard < 0 || member.Shard >= document.Shards) errors.Add($"{place}.shard: {member.Shard} is not in 0..{document.Shards - 1}");
        if (member.Address is { } address && !(IPEndPoint.TryParse(address, out var endPoint) && endPoint.Port > 0)) errors.Add($"{place}.address: {address} is not ip:port");
        if (member.Address is null && member.State.TakesWrites()) errors.Add($"{place}.address: needed in state {member.State}");
    }

    private static void ValidateCopy(List<string> errors, TopologyDocument document, int index)
    {
        var copy = document.Copies[index];
        var place = $"copies[{index}] ({copy.Id})";
        var source = document.Members.FirstOrDefault(m => m.Uid == copy.Source);
        var target = document.Members.FirstOrDefault(m => m.Uid == copy.Target);
        if (source is null) errors.Add($"{place}.source: {copy.Source} is not among the members");
        if (target is null) errors.Add($"{place}.target: {copy.Target} is not among the members");
        if (source is not null && source.State != MemberState.Ready) errors.Add($"{place}.source: {source.Name} is {source.State}, only a Ready member is a source");
        if (target is not null && target.State is not (MemberState.Warming or MemberState.Quarantined))
            errors.Add($"{place}.target: {target.Name} is {target.State}, only a Warming or Quarantined member is filled");
        if (source is not null && target is not null && source.Shard != target.Shard)
            errors.Add($"{place}: {source.Name} holds shard {source.Shard}, {target.Name} shard {target.Shard}");
        if (copy.MaxBytesPerSecond < 0) errors.Add($"{place}.maxBytesPerSecond: must not be negative");
    }

    private static void AddDuplicates(List<string> errors, string field, IEnumerable<string> values)
    {
        foreach (var group in values.GroupBy(v => v).Where(g => g.Skip(1).Any()))
            errors.Add($"{field}: {group.Key} is listed {group.Count()} times");
    }
}
