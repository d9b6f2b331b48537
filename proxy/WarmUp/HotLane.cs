using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Lets the copying go on while a listing does: of what surely belongs to this pass, small bands go to the copying thread at once, as many as it takes. The hottest
/// always, of many keys others too when it would have nothing to do. Everything else waits for its turn in the large band, which follows when the listing has ended.
/// </summary>
/// <param name="band">Where the rest goes; its bounds are those of the pass.</param>
/// <param name="share">Less than 1 beside clients of the source.</param>
internal sealed class HotLane(KeyBand band, LotShare share) : IDumpSink
{
    /// <summary>A listing is in no order that has to do with heat, so the first keys tell how hot all of them are.</summary>
    private const int TellingKeys = 4096;

    /// <summary>After so many keys it is looked again at how many may go ahead.</summary>
    private const int StepKeys = 16 * 1024;

    /// <summary>What the band keeps of its room when it drops the coldest quarter, of which it knows only about where that begins.</summary>
    private const double SurelyKept = 0.7;

    private const int Segments = 12;
    private const int SegmentBytes = 256 * 1024;

    /// <summary>Keys worth passing on to a thread that has none.</summary>
    private const int LeastKeys = 1024;

    /// <summary>Fewer are listed within a tenth of a second, and to use that for the copying is not worth their order.</summary>
    private const int LeastHurried = 128 * 1024;

    private readonly ulong[] _telling = new ulong[TellingKeys];
    private readonly ConcurrentQueue<KeyBand> _free = new(Enumerable.Range(0, Segments).Select(_ => new KeyBand(SegmentBytes, band.Heat)));
    private BlockingCollection<KeyBand> _full = [];
    private KeyBand? _filling;
    private ulong _hottest;
    private ulong _surelyTaken;
    private double _hotShare;
    private long _expected;
    private long _seen;
    private volatile bool _isAwaited;

    /// <summary>Keys of this pass that went ahead.</summary>
    public long Taken { get; private set; }

    /// <summary>Before each listing, once all that was taken in the last one has been copied.</summary>
    /// <param name="expected">About how many keys are left to copy.</param>
    /// <param name="hotShare">Which part of them goes ahead whenever it can; 0..1.</param>
    public void Begin(long expected, double hotShare)
    {
        _full.Dispose();
        _full = [];
        (_expected, _hotShare) = (expected, hotShare);
        _hottest = _surelyTaken = ulong.MaxValue;
        (_seen, Taken) = (0, 0);
    }

    public void Add(in DumpEntry entry)
    {
        var heat = band.HeatOf(entry);
        if (!band.Takes(heat))
            return;
        if (_seen < TellingKeys)
            _telling[_seen] = heat;
        if (GoesAhead(heat) && (_filling is not null || _free.TryDequeue(out _filling)))
        {
            Taken++;
            _filling.Add(entry, heat);
            if (!_filling.HasRoom || (_isAwaited && _filling.Count >= LeastKeys))
                PassOnFilling();
        }
        else
        {
            band.Add(entry, heat);
        }

        if (++_seen == TellingKeys)
            _telling.AsSpan().Sort();
        if (_seen == TellingKeys || _seen % StepKeys == 0)
            MoveThresholds();
    }

    /// <summary>The listing has come to its end: all that has not gone ahead follows.</summary>
    public void AddRest()
    {
        if (_filling is not null)
            PassOnFilling();
        PassOn(band);
    }

    /// <summary>Nothing comes after this.</summary>
    public void Complete() => _full.CompleteAdding();

    /// <summary>For one consumer: takes what is to be copied next, if that is here.</summary>
    public bool TryTake([NotNullWhen(true)] out KeyBand? next)
    {
        var isHere = _full.TryTake(out next);
        _isAwaited = !isHere;
        return isHere;
    }

    /// <summary>The same, and waits for it. False: nothing comes any more.</summary>
    public bool Wait([NotNullWhen(true)] out KeyBand? next, CancellationToken stopped) => _full.TryTake(out next, Timeout.Infinite, stopped);

    /// <summary>Gives back what was taken and is copied.</summary>
    public void Return(KeyBand copied)
    {
        if (copied == band)
            return;
        copied.Reset();
        _free.Enqueue(copied);
    }

    // Beside clients a copy is never in a hurry.
    private bool GoesAhead(ulong heat) => heat >= _hottest || (_isAwaited && _expected >= LeastHurried && heat >= _surelyTaken && share() == 1);

    /// <summary>Only as many as, with those that went ahead, the band would hold too: what is too cold for that comes again in a later pass.</summary>
    private void MoveThresholds()
    {
        var held = (band.Room * SurelyKept / Math.Max(_expected, _seen)) + ((double)Taken / _seen);
        (_hottest, _surelyTaken) = (ThresholdOf(Math.Min(_hotShare, held)), ThresholdOf(held));
    }

    private ulong ThresholdOf(double share) => share < 1 ? _telling[(int)((TellingKeys - 1) * (1 - share))] : 0;

    private void PassOnFilling()
    {
        PassOn(_filling!);
        _filling = null;
    }

    private void PassOn(KeyBand next)
    {
        if (next.Count == 0)
        {
            Return(next);
            return;
        }

        _isAwaited = false;
        _full.Add(next);
    }
}
