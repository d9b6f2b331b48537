using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>
/// One comparison of two Ready members, under the hands of clients. Sums of two listings tell where to look; a key that both hold differently, and still
/// do after a while, is made up for like a missed write: see <see cref="HintSettlement"/> for why nothing newer is lost by that and nothing comes back.
/// </summary>
/// <param name="pair">The members, each with the process that is meant.</param>
/// <param name="filter">Which keys the members own.</param>
/// <param name="limits">How much, and how fast.</param>
/// <param name="counters">Told what is found.</param>
/// <param name="time">The clock.</param>
internal sealed class PairReconciliation(MemberPair pair, KeyFilter filter, ReconciliationLimits limits, ReconciliationCounters counters, TimeProvider time)
{
    /// <summary>Coarse, and elsewhere every time: what differs by less shows sooner or later, and what differs as replicas do rarely.</summary>
    private const long GridSeconds = 256;

    private readonly CopyBatch _batch = new();
    private readonly List<Suspects> _suspects = [];
    private readonly Pace _pace = new(0, limits.KeysPerSecond, share: null, time);

    /// <param name="mayMend">Asked once more before anything is changed.</param>
    /// <param name="stopped">Ends it.</param>
    /// <returns>How many keys differed.</returns>
    /// <exception cref="CopyException">A member cannot be reached, or is not the process that is meant.</exception>
    public async Task<int> RunAsync(Func<bool> mayMend, CancellationToken stopped)
    {
        await using var left = await ConnectAsync(pair.Left, stopped);
        await using var right = await ConnectAsync(pair.Right, stopped);
        var clockShift = await ClockShift.MeasureAsync(left, right);
        var (lookLeft, lookRight) = (new ItemInspector(left), new ItemInspector(right));
        await SearchAsync(lookLeft, lookRight, (await left.AskVitalsAsync()).Items, clockShift, stopped);
        if (_suspects.Count == 0) return 0;

        await Task.Delay(limits.Persistence, time, stopped);
        foreach (var suspects in _suspects) await suspects.ConfirmAsync(lookLeft, lookRight);
        var lostRight = _suspects.SelectMany(suspects => suspects.Losses(leftPrevails: true, clockShift)).ToList();
        var lostLeft = _suspects.SelectMany(suspects => suspects.Losses(leftPrevails: false, clockShift)).ToList();
        counters.Found(lostRight.Count + lostLeft.Count);
        if (mayMend())
        {
            await MendAsync(right, left, clockShift, lostRight, stopped);
            await MendAsync(left, right, -clockShift, lostLeft, stopped);
        }

        return lostRight.Count + lostLeft.Count;
    }

    private Task<MemberLink> ConnectAsync(Member member, CancellationToken stopped) => MemberLink.ConnectAsync("member", member, limits.Batches, time, stopped);

    private async Task SearchAsync(ItemInspector left, ItemInspector right, long items, long clockShift, CancellationToken stopped)
    {
        using var leftDump = await MetaDump.ConnectAsync("member", pair.Left, limits.Batches, time, Gently, stopped);
        using var rightDump = await MetaDump.ConnectAsync("member", pair.Right, limits.Batches, time, Gently, stopped);
        var digest = new CopyDigest((ulong)Random.Shared.NextInt64());
        var gridOffset = Random.Shared.NextInt64(GridSeconds);
        await leftDump.RunAsync(new ListingScope(filter, 0, new ItemSums(digest, GridSeconds, gridOffset, 0, isTakenAway: false)), stopped);
        await rightDump.RunAsync(new ListingScope(filter, 0, new ItemSums(digest, GridSeconds, gridOffset, clockShift, isTakenAway: true)), stopped);
        if (digest.IsClean) return;
        digest.Keep(limits.Keys / (1 + (items / CopyDigest.Sums)));
        await leftDump.ForEachBandAsync(
            new KeyBand(limits.BandBytes), key => filter(key) && digest.Differs(key), 0, band => LookAsync(band, left, right, clockShift, stopped), stopped);
    }

    /// <summary>Members that are compared have clients, and nobody waits for it. Who does wait for the crawler ends the comparison.</summary>
    private static double Gently() => Backoff.FirstShare;

    private async Task LookAsync(KeyBand band, ItemInspector left, ItemInspector right, long clockShift, CancellationToken stopped)
    {
        foreach (var run in band.Batches(limits.Batches.BatchItems, long.MaxValue))
        {
            if (_suspects.Sum(suspects => suspects.Count) >= limits.Suspects) return;
            band.CopyTo(_batch, run, CopyItemState.Listed);
            await _pace.SpendAsync(_batch.Count, 0, stopped);
            await left.InspectAsync(_batch, CopyItemState.Listed);
            var held = new HeldItem[_batch.Count];
            for (var i = 0; i < held.Length; i++) held[i] = _batch.Items[i].Held;
            await right.InspectAsync(_batch, CopyItemState.Listed);
            var found = new Suspects();
            for (var i = 0; i < held.Length; i++)
            {
                if (Precedence.Compare(held[i], _batch.Items[i].Held, clockShift) != 0) found.Add(band[run.Start.Value + i].Text, held[i], _batch.Items[i].Held);
            }

            if (found.Count > 0) _suspects.Add(found);
        }
    }

    private Task MendAsync(MemberLink member, MemberLink source, long clockShift, List<Hint> losses, CancellationToken stopped) =>
        new HintSettlement(member, source, clockShift, limits.Grace, limits.Batches, time).RunAsync(losses, settled => counters.Mended(settled.Count), stopped);
}
