using System.Net;

namespace CacheOperator.Topology;

/// <summary>Finds every fault of a document at once, each named by its place.</summary>
public static class TopologyValidator
{
    public const int MaxShards = 1024;
    public const int MaxListedProxyNumber = 511;

    /// <summary>memcached takes no less, nor more, for a limit.</summary>
    private const long MinMebibytes = 8;
    private const long MaxMebibytes = 1_000_000_000;

    public static IReadOnlyList<string> Validate(TopologyDocument document)
    {
        var errors = new List<string>();
        if (document.Schema is < 1 or > TopologyDocument.CurrentSchema)
            errors.Add($"schema: {document.Schema} is not understood (this version reads up to {TopologyDocument.CurrentSchema})");
        if (string.IsNullOrWhiteSpace(document.Cache)) errors.Add("cache: must name the cache");
        if (document.Generation < 1) errors.Add("generation: must be at least 1");
        if (document.Shards is < 1 or > MaxShards) errors.Add($"shards: {document.Shards} is not in 1..{MaxShards}");
        ValidateResharding(errors, document);
        if (document.Zones.Count == 0) errors.Add("zones: must name at least one zone");
        AddDuplicates(errors, "zones", document.Zones);
        AddDuplicates(errors, "members", document.Members.Select(m => m.Uid));
        AddDuplicates(errors, "proxies", document.Proxies.Select(p => p.Name));
        AddDuplicates(errors, "copies and purges", document.Copies.Select(c => c.Id).Concat(document.Purges.Select(p => p.Id)));
        for (var i = 0; i < document.Members.Count; i++) ValidateMember(errors, document, i);
        for (var i = 0; i < document.Copies.Count; i++) ValidateCopy(errors, document, i);
        for (var i = 0; i < document.Purges.Count; i++) ValidatePurge(errors, document, i);
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
        if (member.Shard < 0 || member.Shard >= document.MemberShards()) errors.Add($"{place}.shard: {member.Shard} is not in 0..{document.MemberShards() - 1}");
        if (member.Address is { } address && !(IPEndPoint.TryParse(address, out var endPoint) && endPoint.Port > 0)) errors.Add($"{place}.address: {address} is not ip:port");
        if (member.Address is null && member.State.TakesWrites()) errors.Add($"{place}.address: needed in state {member.State}");
        if (member.MemoryMebibytes is < MinMebibytes or > MaxMebibytes)
            errors.Add($"{place}.memoryMebibytes: {member.MemoryMebibytes} is not in {MinMebibytes}..{MaxMebibytes}");
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
        if (source is not null && target is not null && source.Shard != target.Shard)
            ValidateMove(errors, document, copy, place, source, target);
        else if (target is not null && target.State is not (MemberState.Warming or MemberState.Quarantined))
            errors.Add($"{place}.target: {target.Name} is {target.State}, only a Warming or Quarantined member is filled");
        if (copy.Part is { } part && (part.Number < 0 || part.Number >= part.Of)) errors.Add($"{place}.part: there is no part {part.Number} of {part.Of}");
        if (copy.MaxBytesPerSecond < 0) errors.Add($"{place}.maxBytesPerSecond: must not be negative");
        if (copy.MaxItemsPerSecond < 0) errors.Add($"{place}.maxItemsPerSecond: must not be negative");
    }

    private static void ValidateResharding(List<string> errors, TopologyDocument document)
    {
        if (document.Resharding is not { } resharding) return;
        var (from, to) = (resharding.From, resharding.To);
        if (document.Schema < 2) errors.Add("schema: must be 2 while resharding");
        if (from is < 1 or > MaxShards || to is < 1 or > MaxShards || from == to)
            errors.Add($"resharding: {from} and {to} must be two different numbers in 1..{MaxShards}");
        var owning = resharding.Phase == ReshardingPhase.Filling ? from : to;
        if (document.Shards != owning) errors.Add($"shards: {document.Shards}, but {owning} own keys while resharding from {from} to {to} is {resharding.Phase}");
    }

    // Growing takes keys to new shards only, shrinking to those that stay.
    private static void ValidateMove(List<string> errors, TopologyDocument document, CopyAssignment copy, string place, Member source, Member target)
    {
        var isMove = document.Resharding is { Phase: ReshardingPhase.Filling } filling && filling.IsTarget(target.Shard) && filling.SourceShards().Contains(source.Shard);
        if (!isMove) errors.Add($"{place}: {source.Name} holds shard {source.Shard}, {target.Name} shard {target.Shard}");
        if (target.State is not (MemberState.Warming or MemberState.Ready)) errors.Add($"{place}.target: {target.Name} is {target.State}, only a Warming or Ready member is given keys of another shard");
        if (copy.Part is not null) errors.Add($"{place}.part: keys of another shard are copied as a whole");
    }

    private static void ValidatePurge(List<string> errors, TopologyDocument document, int index)
    {
        var purge = document.Purges[index];
        var place = $"purges[{index}] ({purge.Id})";
        var member = document.Members.FirstOrDefault(m => m.Uid == purge.Member);
        if (document.Resharding is not { Phase: ReshardingPhase.Purging }) errors.Add($"{place}: nothing is purged unless resharding is {ReshardingPhase.Purging}");
        if (member is null) errors.Add($"{place}.member: {purge.Member} is not among the members");
    }

    private static void AddDuplicates(List<string> errors, string field, IEnumerable<string> values)
    {
        foreach (var group in values.GroupBy(v => v).Where(g => g.Skip(1).Any()))
            errors.Add($"{field}: {group.Key} is listed {group.Count()} times");
    }
}
