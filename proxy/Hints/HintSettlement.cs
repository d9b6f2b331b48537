using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Hints;

/// <summary>
/// Makes up for missed writes: what the member holds in a version that it should no longer have, or with an expiry that it
/// should not have, is replaced by what another replica holds, or taken away. Others write to both meanwhile, in any order, so an item is only stored in
/// the place of exactly what was found: a write or a delete that comes in between wins. A touch does not show in what is found, and a busy member may be late, so
/// both are compared once more when what was under way at that time has reached both.
/// </summary>
/// <param name="member">Where the writes were missed.</param>
/// <param name="source">A replica that has them; null when there is none, then they are only forgotten.</param>
/// <param name="clockShift">Seconds that the member's clock is ahead of the source's.</param>
/// <param name="grace">How long a write may take to the source after it has reached the member.</param>
/// <param name="limits">How much is moved at a time.</param>
/// <param name="time">Clock of the grace.</param>
internal sealed class HintSettlement(MemberLink member, MemberLink? source, long clockShift, TimeSpan grace, CopyLimits limits, TimeProvider time)
{
    private const long TickSeconds = 1;

    // Of a touch that reaches both, each counts from a tick of its own, and is read at one.
    private const long TouchSeconds = 2;

    private readonly ItemInspector _held = new(member);
    private readonly KeyReservation _reservation = new(member);
    private readonly ItemWriter _writer = new(member, new CopyProgress("hints", time));
    private readonly ItemRevoker _revoker = new(member);
    private readonly ItemInspector? _original = source is null ? null : new ItemInspector(source);
    private readonly ItemReader? _reader = source is null ? null : new ItemReader(source, clockShift);

    /// <param name="hints">What was missed.</param>
    /// <param name="settled">Told which of them are made up for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RunAsync(IReadOnlyList<Hint> hints, Action<IReadOnlyList<Hint>> settled, CancellationToken cancellationToken)
    {
        for (var attempt = 1; hints.Count > 0; attempt++)
            hints = await TryAsync(hints, settled, isLast: attempt == limits.Rounds, cancellationToken);
    }

    // Returns those that are to be begun anew, as their place has become empty: another proxy, say, has taken away what it had put there itself. Whoever
    // finds them so again and again leaves it at that.
    private async Task<IReadOnlyList<Hint>> TryAsync(IReadOnlyList<Hint> hints, Action<IReadOnlyList<Hint>> settled, bool isLast, CancellationToken cancellationToken)
    {
        var vanished = new List<Hint>();
        var batches = hints.Chunk(limits.BatchItems).Select(run => new HintBatch(run)).ToList();
        var taken = 0;
        foreach (var batch in batches) taken += await PrepareAsync(batch);

        // A delete that has found the place empty, before it was taken, must have reached the source before that is read.
        if (taken > 0) await Task.Delay(grace, time, cancellationToken);
        for (var round = 1; batches.Count > 0; round++)
        {
            foreach (var batch in batches)
            {
                await SettleAsync(batch);
                if (!isLast) vanished.AddRange(batch.In(CopyItemState.Vanished));
                if (batch.Items.CountOf(CopyItemState.Verified) == 0) settled([.. batch.Hints.Except(vanished)]);
            }

            batches.RemoveAll(batch => batch.Items.CountOf(CopyItemState.Verified) == 0);
            if (batches.Count > 0) await Task.Delay(grace, time, cancellationToken);
            foreach (var batch in batches) await CompareAsync(batch, round < limits.Rounds ? CopyItemState.Listed : CopyItemState.Outdated);
        }

        return vanished;
    }

    // Leaves Listed what is to be replaced, with the version that it has now.
    private async Task<int> PrepareAsync(HintBatch batch)
    {
        await _held.InspectAsync(batch.Items, CopyItemState.Listed);
        batch.KeepFound(CopyItemState.Listed);
        for (var i = 0; i < batch.Items.Count; i++)
        {
            ref var item = ref batch.Items.Items[i];
            var hint = batch.Hints[i];

            // Somebody has written it since; who has is not sure to have known of a touch.
            if (IsNewer(item.Held, hint) && (hint.Lack.Touch == 0 || source is null)) item.State = CopyItemState.Present;
            else if (!item.Held.Exists && source is null) item.State = CopyItemState.Gone;
        }

        return source is null ? 0 : await _reservation.TakeAsync(batch);
    }

    private async Task SettleAsync(HintBatch batch)
    {
        var items = batch.Items;
        if (_original is not null)
        {
            await _original.InspectAsync(items, CopyItemState.Listed);
            Choose(batch);
        }

        Outdate(items, CopyItemState.Listed);
        while (items.CountOf(CopyItemState.Waiting) > 0)
        {
            TakeNext(items);
            await _reader!.ReadAsync(items);
            await _writer.WriteAsync(items);
            await _original!.InspectAsync(items, CopyItemState.Stored);
            Judge(items);
        }

        await _revoker.RevokeAsync(items);
    }

    // An older version than the one missed is no proof of anything.
    private void Choose(HintBatch batch)
    {
        for (var i = 0; i < batch.Items.Count; i++)
        {
            ref var item = ref batch.Items.Items[i];
            var (found, hint) = (batch.Found[i], batch.Hints[i]);
            if (item.State != CopyItemState.Listed) continue;
            if (IsNewer(found, hint)) item.State = item.Held.Version == found.Version && !IsSame(found, item.Held, TickSeconds) ? CopyItemState.Waiting : CopyItemState.Present;
            else if (item.Held.Exists && item.Held.Version >= hint.Lack.Version) item.State = IsSame(found, item.Held, TickSeconds) ? CopyItemState.Present : CopyItemState.Waiting;
        }
    }

    // What reached the member before the copy, and the source only after the copy was verified, is lost on the member.
    private async Task CompareAsync(HintBatch batch, CopyItemState different)
    {
        var items = batch.Items;
        foreach (ref var item in items.Items)
        {
            if (item.State != CopyItemState.Verified) item.State = CopyItemState.Present;
        }

        await _held.InspectAsync(items, CopyItemState.Verified);
        batch.KeepFound(CopyItemState.Verified);
        await _original!.InspectAsync(items, CopyItemState.Verified);
        for (var i = 0; i < items.Count; i++)
        {
            ref var item = ref items.Items[i];
            if (item.State != CopyItemState.Verified) continue;
            if (item.Replaces != item.Version || IsSame(batch.Found[i], item.Held, TouchSeconds)) item.State = CopyItemState.Present;
            else item.State = item.Held.Version == item.Version ? different : CopyItemState.Outdated;
        }
    }

    // An attempt that was broken off has left the mark of a place taken: that is none of anybody's.
    private static bool IsNewer(HeldItem found, Hint hint) => found.Version > ItemVersion.Tombstone(hint.Version);

    private bool IsSame(HeldItem onMember, HeldItem onSource, long toleranceSeconds) =>
        onSource.Exists && onSource.Is(onMember.Version, onMember.Expiry == 0 ? 0 : onMember.Expiry - clockShift, toleranceSeconds);

    private void TakeNext(CopyBatch items)
    {
        var bytes = 0L;
        foreach (ref var item in items.Items)
        {
            if (item.State != CopyItemState.Waiting) continue;
            if (bytes > 0 && bytes + item.Held.Size > limits.BatchBytes) break;
            bytes += Math.Max(item.Held.Size, 1);
            item.State = CopyItemState.Listed;
        }
    }

    // The expiry is compared in the end.
    private static void Judge(CopyBatch items)
    {
        foreach (ref var item in items.Items)
        {
            if (item.State != CopyItemState.Stored) continue;
            item.State = item.Held.Version == item.Version && !item.Held.Stale ? CopyItemState.Verified : CopyItemState.Outdated;
        }

        Outdate(items, CopyItemState.Gone);
        Outdate(items, CopyItemState.Refused);
    }

    // What stands on the member in place of what could not be copied has to go.
    private static void Outdate(CopyBatch items, CopyItemState state)
    {
        foreach (ref var item in items.Items)
        {
            if (item.State == state && item.Replaces != 0) (item.State, item.Version) = (CopyItemState.Outdated, item.Replaces);
        }
    }
}
