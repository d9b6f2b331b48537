using System.Collections.Concurrent;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Lets the copying go on while a listing does: of what surely belongs to this pass, small bands go to the copying thread at once, as many as it takes.
/// Everything else waits for its turn in the large band.
/// </summary>
/// <param name="band">Where the rest goes; its bounds are those of the pass.</param>
internal sealed class HotLane(KeyBand band) : IDumpSink
{
    /// <summary>A listing is in no order that has to do with heat, so the first keys tell how hot all of them are.</summary>
    private const int TellingKeys = 4096;

    /// <summary>After so many keys it is looked again at how many may go ahead.</summary>
    private const int StepKeys = 16 * 1024;

    /// <summary>What the band keeps of its room when it drops the coldest quarter, of which it knows only about where that begins.</summary>
    private const double SurelyKept = 0.7;

    private const int Segments = 12;
    private const int SegmentBytes = 256 * 1024;

    private readonly ulong[] _telling = new ulong[TellingKeys];
    private readonly ConcurrentQueue<KeyBand> _free = new(Enumerable.Range(0, Segments).Select(_ => new KeyBand(SegmentBytes, band.Heat)));
    private BlockingCollection<KeyBand> _full = [];
    private KeyBand? _filling;
    private ulong _threshold;
    private double _largestShare;
    private long _expected;
    private long _seen;

    /// <summary>Keys of this pass that went ahead.</summary>
    public long Taken { get; private set; }

    /// <summary>Before each listing, once all that was taken in the last one has been copied.</summary>
    /// <param name="expected">About how many keys are left to copy.</param>
    /// <param name="largestShare">Which part of them may go ahead; 0..1.</param>
    public void Begin(long expected, double largestShare)
    {
        _full = [];
        (_expected, _largestShare, _threshold) = (expected, largestShare, ulong.MaxValue);
        (_seen, Taken) = (0, 0);
    }

    public void Add(in DumpEntry entry)
    {
        var heat = band.HeatOf(entry);
        if (!band.Takes(heat))
            return;
        if (_seen < TellingKeys)
            _telling[_seen] = heat;
        if (heat >= _threshold && (_filling is not null || _free.TryDequeue(out _filling)))
        {
            Taken++;
            _filling.Add(entry, heat);
            if (!_filling.HasRoom)
                PassOn();
        }
        else
        {
            band.Add(entry, heat);
        }

        if (++_seen == TellingKeys)
            _telling.AsSpan().Sort();
        if (_seen == TellingKeys || _seen % StepKeys == 0)
            MoveThreshold();
    }

    /// <summary>Nothing comes after this.</summary>
    public void Complete()
    {
        if (_filling is not null)
            PassOn();
        _full.CompleteAdding();
    }

    /// <summary>What is to be copied, for one consumer; ends after <see cref="Complete"/>.</summary>
    public IEnumerable<KeyBand> Take(CancellationToken stopped)
    {
        using var full = _full;
        foreach (var segment in full.GetConsumingEnumerable(stopped))
        {
            yield return segment;
            segment.Reset();
            _free.Enqueue(segment);
        }
    }

    /// <summary>Only as many as, with those that went ahead, the band would hold too: what is too cold for that comes again in a later pass.</summary>
    private void MoveThreshold()
    {
        var held = (band.Room * SurelyKept / Math.Max(_expected, _seen)) + ((double)Taken / _seen);
        var share = Math.Min(_largestShare, held);
        _threshold = share < 1 ? _telling[(int)((TellingKeys - 1) * (1 - share))] : 0;
    }

    private void PassOn()
    {
        _full.Add(_filling!);
        _filling = null;
    }
}
