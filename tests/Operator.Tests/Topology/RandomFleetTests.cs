using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>Whatever happens in whatever order, what must never be never is, and peace brings the fleet home.</summary>
public sealed class RandomFleetTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Invariants_hold_through_any_sequence_of_mishaps(int seed)
    {
        var random = new Random(seed);
        var fleet = FakeFleet.Running(random.Next(1, 3), ["a", "b", "c"]);
        fleet.Intent = fleet.Intent with { MaxCopyParts = seed % 2 == 0 ? 1 : CopyParts.Most };
        for (var step = 0; step < 120; step++)
        {
            Disturb(fleet, random);
            var before = fleet.Document!;
            if (random.Next(4) == 0) fleet.Plan();
            else fleet.Step();
            Check(before, fleet.Document!);
            fleet.Now += TimeSpan.FromSeconds(random.Next(1, 4));
        }

        Heal(fleet);
        fleet.Settle();
        Assert.Equal((fleet.Intent.Shards, null), (fleet.Document!.Shards, fleet.Document.Resharding));
        Assert.Equal(3 * fleet.Intent.Shards, fleet.Document.Members.Count);
        Assert.All(fleet.Document.Members, m => Assert.Equal(MemberState.Ready, m.State));
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 60)];

    private static void Disturb(FakeFleet fleet, Random random)
    {
        if (random.Next(25) == 0) fleet.Intent = fleet.Intent with { Shards = random.Next(1, 4) };
        if (random.Next(3) == 0) fleet.FinishAll();
        fleet.Pods.RemoveAll(p => p.Shard >= fleet.Document!.MemberShards());
        string Zone() => fleet.Intent.Zones[random.Next(3)];
        var pod = fleet.Pods.Count > 0 ? fleet.Pods[random.Next(fleet.Pods.Count)] : null;
        var proxy = fleet.Proxies.ElementAtOrDefault(random.Next(4));
        switch (random.Next(12))
        {
            case 0 when pod is not null: fleet.Remove(pod); break;
            case 1 when pod is not null: fleet.Change(pod, p => p with { Terminating = true }); break;
            case 2 when pod is not null: fleet.RestartProcess(pod); break;
            case 3 when proxy is not null: fleet.RemoveProxy(proxy); break;
            case 4: fleet.AddProxy(Zone()); break;
            case 5 when proxy is not null && fleet.Document!.Members.Count > 0:
                proxy.Miss(fleet.Document.Members[random.Next(fleet.Document.Members.Count)]);
                break;
            case 6 when proxy is not null && pod is not null:
                if (!proxy.Unreachable.Add(pod.Uid)) proxy.Unreachable.Clear();
                break;
            case 7 when proxy is not null: proxy.Answers = !proxy.Answers; break;
            case 8 or 9 when fleet.Document!.Copies.Count > 0:
                var copy = fleet.Document.Copies[random.Next(fleet.Document.Copies.Count)];
                if (fleet.Proxies.Any(p => p.Name == copy.Proxy)) fleet.Finish(copy, (CopyPhase)random.Next(3));
                break;
            default:
                var (zone, shard) = (Zone(), random.Next(fleet.Document!.MemberShards()));
                if (!fleet.Pods.Any(p => p.Zone == zone && p.Shard == shard)) fleet.AddPod(zone, shard, address: random.Next(3) > 0);
                break;
        }
    }

    private static void Check(TopologyDocument before, TopologyDocument after)
    {
        foreach (var member in after.Members)
        {
            var was = before.Members.FirstOrDefault(m => m.Uid == member.Uid);
            if (was is null) continue;
            Assert.True(member.Epoch >= was.Epoch);
            Assert.Equal(member.State != was.State || member.Epoch != was.Epoch || member.Address != was.Address, member.Since != was.Since);

            // Whoever comes to serve was filled completely, or nothing better was left.
            if (member.State == MemberState.Ready && was.State != MemberState.Ready)
            {
                var copied = before.Copies.Any(c => c.Target == member.Uid) || IsGivenAll(before, after, member);
                var alone = after.Members.All(m => m.Uid == member.Uid || m.Shard != member.Shard || m.State != MemberState.Ready || m.Since == after.Generation);
                Assert.True(copied || alone, $"{member.Name} became Ready from {was.State} without a copy while others serve.");
            }
        }

        // A shard that was served and still has a member with an address is served.
        foreach (var shard in before.Members.Where(m => m.State == MemberState.Ready && m.Shard < after.Shards).Select(m => m.Shard).Distinct())
        {
            var left = after.Members.Where(m => m.Shard == shard && m.State is not (MemberState.Draining or MemberState.Cold)).ToList();
            Assert.True(left.Count == 0 || left.Any(m => m.State == MemberState.Ready), $"Shard {shard} is not served.");
        }

        Assert.All(after.Copies, c => Assert.Equal(1, after.Copies.Count(o => o.Target == c.Target && (o.Part is null || c.Part is null || o.Part.Of != c.Part.Of || o.Part == c.Part))));
    }

    // It was given its keys, from some shards before and from the rest now.
    private static bool IsGivenAll(TopologyDocument before, TopologyDocument after, Member member) =>
        before.Resharding is { Phase: ReshardingPhase.Filling } filling
        && after.Resharding is { Phase: ReshardingPhase.Switched }
        && filling.Done.Where(d => d.Uid == member.Uid && d.Epoch == member.Epoch).SelectMany(d => d.From)
            .Concat(before.Copies.Where(c => c.Target == member.Uid).Select(c => before.Members.Single(m => m.Uid == c.Source).Shard))
            .Distinct().Count() == filling.From;

    private static void Heal(FakeFleet fleet)
    {
        fleet.Scales = true;
        fleet.Pods.RemoveAll(p => p.Terminating || p.Address is null);
        fleet.Scale();
        foreach (var zone in fleet.Intent.Zones)
        {
            if (fleet.Proxies.All(p => p.Zone != zone)) fleet.AddProxy(zone);
        }

        foreach (var proxy in fleet.Proxies)
        {
            proxy.Answers = true;
            proxy.Unreachable.Clear();
        }

        fleet.Now += TimeSpan.FromMinutes(1);
    }
}
