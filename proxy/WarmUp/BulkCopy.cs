using System.Buffers.Text;
using System.Text;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Carries a band of keys from source to target as one stream, values of any size in pieces: a reply of the source becomes
/// a store command for the target without an item ever being held. What the target stores is noted in a digest, for what
/// is carried here is not verified yet.
/// </summary>
/// <param name="source">Nothing else uses it meanwhile.</param>
/// <param name="target">Nothing else uses it meanwhile.</param>
/// <param name="clockShift">Seconds that the target's clock is ahead of the source's.</param>
/// <param name="digest">Gets what the target has stored.</param>
/// <param name="pace">How fast.</param>
/// <param name="clients">Of the source; told what is asked for here.</param>
/// <param name="limits">How much is under way at a time.</param>
/// <param name="progress">Counts.</param>
internal sealed class BulkCopy(BulkLink source, BulkLink target, long clockShift, CopyDigest digest, Pace pace, ClientTraffic clients, CopyLimits limits, CopyProgress progress)
{
    /// <summary>Room for a command without its value: two numbers of 20 digits at most, and small ones.</summary>
    private const int CommandBytes = KeyText.MaxLength + 128;

    /// <summary>Requests are sent in lots of this size, so that neither side wakes for each.</summary>
    private const int LotBytes = 16 * 1024;

    /// <summary>Items asked for at a time, at least.</summary>
    private const int LeastLot = 4;

    private readonly StoreLots _storing = new(digest);

    /// <summary>How many keys had been asked for when an item's refetch was given back: its reply comes after theirs.</summary>
    private readonly Queue<long> _givenBack = new();

    private int _valueLeft;
    private bool _valueWanted;

    /// <summary>What the target said when it last refused an item.</summary>
    public string? LastRefusal { get; private set; }

    /// <summary>Copies every key of the lane, one band after the other, on a thread of its own. When it is done, every copy has landed.</summary>
    public Task RunAsync(HotLane lane, CancellationToken stopped) =>
        Task.Factory.StartNew(() => Run(new KeysUnderWay(lane), stopped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(KeysUnderWay keys, CancellationToken stopped)
    {
        while (Ask(keys, stopped))
        {
            if (target.Unsent >= LotBytes || !source.HasMore)
                FlushStores();
            source.Receive();
            var before = keys.Answered;
            TakeAnswers(keys);
            if (target.HasMore)
                TakeOutcomes();
            Report(keys.Answered - before);
        }

        FlushStores();
        while (_storing.UnderWay > 0)
            TakeOutcomes();
        Report(0);
    }

    private void Report(long processed)
    {
        progress.AddProcessed(processed);
        var (items, bytes) = _storing.TakeStored();
        progress.AddCopied(items, bytes);
    }

    /// <summary>Keeps the source busy: asks for more once half of what may be under way has been answered; or, beside clients, once all has, and after a rest.</summary>
    /// <returns>False: all has been asked for and answered.</returns>
    private bool Ask(KeysUnderWay keys, CancellationToken stopped)
    {
        var share = pace.Share;
        var (items, room) = (Math.Max(LeastLot, (int)(limits.ItemsUnderWay / 2 * share)), (long)(limits.BytesUnderWay / 2 * share));
        while ((share < 1 ? keys.Count == 0 : keys.Count <= items && keys.Bytes <= room) && IsMoreToAsk(keys, stopped))
        {
            var (asked, before) = (0, keys.Bytes);
            for (; asked < items && keys.HasNext; asked++)
            {
                var key = keys.Next;
                if (asked > 0 && keys.Bytes - before + key.Size > room)
                    break;
                AskFor(key);
                keys.Ask();
            }

            clients.CountOwn(asked);
            Wait(pace.Spend(asked, keys.Bytes - before), stopped);
            source.Flush();
        }

        return IsUnderWay(keys);
    }

    private bool IsUnderWay(KeysUnderWay keys) => keys.Count > 0 || _givenBack.Count > 0 || _valueLeft > 0;

    /// <summary>False: there is nothing to ask for yet, or any more. Waits only if there is nothing else to do.</summary>
    private bool IsMoreToAsk(KeysUnderWay keys, CancellationToken stopped)
    {
        if (keys.TryGoOn())
            return true;
        if (IsUnderWay(keys))
            return false;
        FlushStores();
        return keys.Wait(stopped);
    }

    private void Wait(TimeSpan wait, CancellationToken stopped)
    {
        if (wait == TimeSpan.Zero)
            return;
        FlushStores(); // The target has work while the source rests.
        stopped.Wait(wait);
    }

    private void AskFor(BandKey key)
    {
        var span = source.GetSpan(CommandBytes);
        var length = Put(span, 0, "mg "u8);
        var base64 = KeyText.NeedsBase64(key.Text);
        length += KeyText.Write(key.Text, base64, span[length..]);
        // Whether the source names a plain key in base64 shows in a reply that repeats it. The reply for another key could hold blanks.
        length = Put(span, length, base64 ? " b v f c u\r\n"u8 : " v f c u k\r\n"u8);
        source.Advance(length);
    }

    private void TakeAnswers(KeysUnderWay keys)
    {
        while (true)
        {
            if (_valueLeft > 0)
            {
                var piece = source.Received;
                if (piece.Length == 0)
                    return;
                if (piece.Length > _valueLeft)
                    piece = piece[.._valueLeft];
                if (_valueWanted)
                    target.Write(piece);
                source.Take(piece.Length);
                _valueLeft -= piece.Length;
                continue;
            }

            if (!source.TryTakeLine(out var text))
                return;
            if (_givenBack.TryPeek(out var asked) && asked == keys.Answered)
            {
                _givenBack.Dequeue();
                continue;
            }

            TakeAnswer(text, keys);
            keys.Answer();
        }
    }

    private void TakeAnswer(ReadOnlySpan<byte> text, KeysUnderWay keys)
    {
        var key = keys.Answering;
        if (!ItemLine.TryParse(text, out var line))
            throw source.Faults.Unexpected(text);
        if (line.WonToken)
            GiveBack(key, line.Version, keys.Asked);
        if (line.ValueLength < 0)
            return;
        if (line.Version == 0)
            throw source.Faults.Failure("keeps no versions: it must not run with -C");
        // What a client has marked to be refetched is not worth a copy, and what it has written since the listing it has written to the target too.
        var isWanted = !line.Stale && line.Version == key.Version;
        if (isWanted)
            Store(key, line);
        (_valueLeft, _valueWanted) = (line.ValueLength + 2, isWanted);
    }

    private void Store(BandKey key, in ItemLine line)
    {
        if (_storing.UnderWay >= limits.ItemsUnderWay)
        {
            FlushStores();
            while (_storing.UnderWay > limits.ItemsUnderWay / 2)
                TakeOutcomes();
        }

        if (_storing.Open == StoreLots.LargestLot)
            CloseLot();

        var span = target.GetSpan(CommandBytes);
        var length = Put(span, 0, "ms "u8);
        var base64 = line.Key.Length > 0 ? line.KeyIsBase64 : KeyText.NeedsBase64(key.Text);
        length += line.Key.Length > 0 ? Put(span, length, line.Key) - length : KeyText.Write(key.Text, base64, span[length..]);
        length = Put(span, length, " "u8, (ulong)line.ValueLength);
        // Always a Unix time: remaining seconds would lose the part of a second that passes, and are capped at 30 days.
        length = Put(span, length, base64 ? " b ME T"u8 : " ME T"u8, key.Expiry == 0 ? 0 : (ulong)(key.Expiry + clockShift));
        length = Put(span, length, " F"u8, line.ClientFlags);
        length = Put(span, length, " E"u8, line.Version);
        var number = _storing.Add(digest.MarkOf(key.Text, line.Version, key.Expiry), line.ValueLength);
        length = Put(span, length, " q O"u8, (ulong)number);
        target.Advance(Put(span, length, "\r\n"u8));
    }

    private void FlushStores()
    {
        // Not in the midst of a value, of which the rest comes later.
        if (_storing.Open > 0 && !(_valueWanted && _valueLeft > 0))
            CloseLot();
        target.Flush();
    }

    private void CloseLot()
    {
        target.Write("mn\r\n"u8);
        _storing.Close();
    }

    /// <summary>As <see cref="RefetchToken"/> does.</summary>
    private void GiveBack(BandKey key, ulong version, long asked)
    {
        var span = source.GetSpan(CommandBytes);
        var length = Put(span, 0, "md "u8);
        var base64 = KeyText.NeedsBase64(key.Text);
        length += KeyText.Write(key.Text, base64, span[length..]);
        length = Put(span, length, base64 ? " b I C"u8 : " I C"u8, version);
        length = Put(span, length, " E"u8, version);
        source.Advance(Put(span, length, "\r\n"u8));
        source.Flush();
        _givenBack.Enqueue(asked);
    }

    /// <summary>Takes what the target has answered so far; waits if that is nothing.</summary>
    private void TakeOutcomes()
    {
        target.Receive();
        while (target.TryTakeLine(out var outcome))
        {
            if (outcome.SequenceEqual("MN"u8) && _storing.TryEnd())
                continue;
            if (outcome.StartsWith("NS O"u8) && AsciiNumber.TryParse(outcome[4..], out var number, out _))
                _storing.IsPresent((int)number);
            else if (outcome.StartsWith("SERVER_ERROR "u8))
                // Too large for it, or no memory left in that size class: it holds nothing, as after an eviction.
                Refuse(outcome);
            else
                throw target.Faults.Unexpected(outcome);
        }
    }

    private void Refuse(ReadOnlySpan<byte> outcome)
    {
        LastRefusal = Encoding.ASCII.GetString(outcome);
        _storing.IsRefused();
    }

    private static int Put(Span<byte> span, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(span[at..]);
        return at + text.Length;
    }

    private static int Put(Span<byte> span, int at, ReadOnlySpan<byte> text, ulong number)
    {
        at = Put(span, at, text);
        Utf8Formatter.TryFormat(number, span[at..], out var digits);
        return at + digits;
    }
}
