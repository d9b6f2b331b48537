using System.Collections.Concurrent;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Lets the copying begin while the listing still goes on: of what is surely among the hottest, small bands go to the copying thread
/// at once, as many as it takes. Everything else waits for its turn in the large band.
/// </summary>
/// <param name="band">Where the rest goes.</param>
/// <param name="share">Which part of the keys counts as the hottest; 0..1.</param>
internal sealed class HotLane(KeyBand band, double share) : IDumpSink, IDisposable
{
    /// <summary>A listing is in no order that has to do with heat, so the first keys tell how hot all of them are.</summary>
    private const int TellingKeys = 4096;

    private const int Segments = 3;
    private const int SegmentBytes = 1024 * 1024;

    private readonly ConcurrentQueue<KeyBand> _free = new(Enumerable.Range(0, Segments).Select(_ => new KeyBand(SegmentBytes, band.Heat)));
    private readonly BlockingCollection<KeyBand> _full = [];
    private KeyBand? _filling;
    private ulong _threshold = ulong.MaxValue;

    public void Add(in DumpEntry entry)
    {
        var heat = band.HeatOf(entry);
        if (heat >= _threshold && (_filling is not null || _free.TryDequeue(out _filling)))
        {
            _filling.Add(entry, heat);
            if (!_filling.HasRoom)
                PassOn();
            return;
        }

        band.Add(entry, heat);
        if (_threshold == ulong.MaxValue && band.Count == TellingKeys)
            _threshold = band.HeatOfHottest(share);
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
        foreach (var segment in _full.GetConsumingEnumerable(stopped))
        {
            yield return segment;
            segment.Reset();
            _free.Enqueue(segment);
        }
    }

    public void Dispose() => _full.Dispose();

    private void PassOn()
    {
        _full.Add(_filling!);
        _filling = null;
    }
}
