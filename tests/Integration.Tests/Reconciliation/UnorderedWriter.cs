namespace CacheOperator.Integration.Tests.Reconciliation;

/// <summary>
/// Changes keys of its own at random on two Ready members, as a proxy does: on either one first, on the other one up to a moment later, with one version
/// for both. Knows at any time what both must come to hold.
/// </summary>
internal sealed class UnorderedWriter(RawClient left, RawClient right, Random random, string prefix, int keys)
{
    /// <summary>Versions between these are nobody's.</summary>
    public const ulong VersionStep = 4;

    private const int LongestDelay = 60;

    private readonly Dictionary<string, StoredItem?> _written = [];
    private ulong _version = (1UL << 50) + ((ulong)random.Next() << 12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The last write of each key; null for a deletion. Expiries are Unix seconds, -1 for never.</summary>
    public IReadOnlyDictionary<string, StoredItem?> Written => _written;

    public async Task RunAsync(CancellationToken stop)
    {
        for (var i = 0; i < keys; i++) await SetAsync($"{prefix}{i}");
        while (!stop.IsCancellationRequested)
        {
            var key = $"{prefix}{random.Next(keys)}";
            switch (random.Next(10))
            {
                case < 5:
                    await SetAsync(key);
                    break;
                case < 8:
                    await BothAsync($"md {key}\r\n");
                    _written[key] = null;
                    break;
                default:
                    var expiry = Expiry();
                    await BothAsync($"mg {key} T{expiry}\r\n");
                    if (_written[key] is { } touched) _written[key] = touched with { Expiry = expiry == 0 ? -1 : expiry };
                    break;
            }
        }
    }

    private async Task SetAsync(string key)
    {
        var (value, expiry, flags) = ($"{random.Next(1_000_000)}", Expiry(), (uint)random.Next(100));
        await BothAsync($"ms {key} {value.Length} T{expiry} F{flags} E{_version += VersionStep}\r\n{value}\r\n");
        _written[key] = new StoredItem(value, flags, _version, expiry == 0 ? -1 : expiry, NamedInBase64: false);
    }

    private async Task BothAsync(string command)
    {
        var (first, second) = random.Next(2) == 0 ? (left, right) : (right, left);
        await first.LineAsync(command, Token);
        if (random.Next(4) == 0) await Task.Delay(random.Next(LongestDelay), Token);
        await second.LineAsync(command, Token);
    }

    // Far apart, so that an expiry that was missed shows.
    private long Expiry() => random.Next(4) == 0 ? 0 : DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 10_000 + (random.Next(1000) * 100);
}
