using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Deletes from one member what another shard owns, until a listing finds nothing of that any more.</summary>
/// <param name="assignment">What is to be done.</param>
/// <param name="member">The member that it speaks of.</param>
/// <param name="strays">Which keys another shard owns.</param>
/// <param name="limits">How much to ask for at a time.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where to tell.</param>
internal sealed class Purge(PurgeAssignment assignment, Member member, KeyFilter strays, CopyLimits limits, TimeProvider time, CopyLog log)
    : AssignedWork(assignment.Id, time, log)
{
    protected override async Task<CopyStatus> DoAsync(CancellationToken stopped)
    {
        Log.Purges(assignment.Id, member.Name);
        await using var probing = await MemberLink.ConnectAsync("member", member, limits, Time, stopped);
        return await SourceProbe.DuringAsync(probing, Time, (_, backoff) => DoAsync(() => backoff.Share, stopped));
    }

    private async Task<CopyStatus> DoAsync(LotShare share, CancellationToken stopped)
    {
        using var dump = await MetaDump.ConnectAsync("member", member, limits, Time, share, stopped);
        await using var deleting = await MemberLink.ConnectAsync("member", member, limits, Time, stopped);
        var removal = new KeyRemoval(new ItemRevoker(deleting), new Pace(0, 0, share, Time), limits, Progress);
        var band = new KeyBand(limits.BandBytes);
        for (var round = 0; round <= limits.Rounds; round++)
        {
            var found = 0L;
            await dump.ForEachBandAsync(band, strays, 0, async keys => found += await removal.RunAsync(keys, stopped), stopped);
            Progress.AddProcessed(found);
            if (found == 0) return Progress.Succeed(missing: 0, remark: null);
        }

        throw new CopyException($"{member.Name} is still given keys that other shards own");
    }
}
