namespace CacheOperator.Proxy.WarmUp;

/// <summary>Which keys of a lane have been asked for, and which of those have been answered: in the same order, through one band after the other.</summary>
internal sealed class KeysUnderWay(HotLane lane)
{
    /// <summary>Bands that have been asked for, in part at least, and not answered whole.</summary>
    private readonly Queue<KeyBand> _bands = new();

    /// <summary>Null when all of it has been asked for: whoever gets it back fills it again.</summary>
    private KeyBand? _asking;
    private int _askedOfBand;
    private int _answeredOfBand;

    /// <summary>Keys asked for so far.</summary>
    public long Asked { get; private set; }

    /// <summary>Keys answered so far.</summary>
    public long Answered { get; private set; }

    /// <summary>Bytes of the items that are asked for and not answered.</summary>
    public long Bytes { get; private set; }

    public long Count => Asked - Answered;

    /// <summary>Whether the band that is being asked for has a key left.</summary>
    public bool HasNext => _asking is not null;

    /// <summary>The next key to ask for.</summary>
    public BandKey Next => _asking![_askedOfBand];

    /// <summary>The key of which the next answer is.</summary>
    public BandKey Answering => _bands.Peek()[_answeredOfBand];

    /// <summary>Whether there is a key to ask for; goes on to the next band if that is here.</summary>
    public bool TryGoOn() => HasNext || (lane.TryTake(out var band) && Begin(band));

    /// <summary>Waits for the next band. False: nothing comes any more.</summary>
    public bool Wait(CancellationToken stopped) => lane.Wait(out var band, stopped) && Begin(band);

    /// <summary><see cref="Next"/> has been asked for.</summary>
    public void Ask()
    {
        Bytes += Next.Size;
        Asked++;
        if (++_askedOfBand == _asking!.Count)
            _asking = null;
    }

    /// <summary><see cref="Answering"/> has been answered, and nobody needs it any more.</summary>
    public void Answer()
    {
        Bytes -= Answering.Size;
        Answered++;
        if (++_answeredOfBand < _bands.Peek().Count)
            return;
        _answeredOfBand = 0;
        lane.Return(_bands.Dequeue());
    }

    private bool Begin(KeyBand band)
    {
        band.Sort();
        (_asking, _askedOfBand) = (band, 0);
        _bands.Enqueue(band);
        return true;
    }
}
