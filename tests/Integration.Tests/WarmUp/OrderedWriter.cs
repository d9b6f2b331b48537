
namespace CacheOperator.Integration.Tests.WarmUp;

/// <summary>
/// Changes keys of its own at random, as the proxies do: on the source first and, once that has answered, on the
/// target, with one version for both.
/// </summary>
internal sealed class OrderedWriter(RawClient source, RawClient target, Random random, string prefix, int keys)
{
    private bool _isTargetLeftOut;
    private ulong _version = (1UL << 40) + ((ulong)prefix.GetHashCode(StringComparison.Ordinal) << 8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public int Operations { get; private set; }

    public async Task FillAsync()
    {
        for (var i = 0; i < keys; i++)
            await source.SendAsync(Set(i), Token);
        for (var i = 0; i < keys; i++)
            Assert.Equal("HD", await source.ReadLineAsync(Token));
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await ChangeAsync();
    }

    /// <summary>The target gets nothing of so many changes.</summary>
    public async Task MissAsync(int changes)
    {
        _isTargetLeftOut = true;
        for (var i = 0; i < changes; i++)
            await ChangeAsync();
        _isTargetLeftOut = false;
    }

    private async Task ChangeAsync()
    {
        Operations++;
        var key = random.Next(keys);
        switch (random.Next(10))
        {
            case < 4:
                await BothAsync(Set(key));
                break;
            case < 7:
                await BothAsync($"md {prefix}{key}\r\n");
                break;
            case < 9:
                await BothAsync($"mg {prefix}{key} T{Expiry()}\r\n");
                break;
            default:
                await IncrementAsync(key);
                break;
        }
    }

    private async Task BothAsync(string command)
    {
        await source.SendAsync(command, Token);
        await source.ReadLineAsync(Token);
        if (_isTargetLeftOut)
            return;
        await target.SendAsync(command, Token);
        await target.ReadLineAsync(Token);
    }

    /// <summary>The source computes, the target gets the outcome.</summary>
    private async Task IncrementAsync(int key)
    {
        await source.SendAsync($"mg {prefix}{key} v f t c\r\n", Token);
        var held = (await source.ReadLineAsync(Token)).Split(' ');
        if (held[0] != "VA")
            return;
        var value = (await source.ReadAsync(int.Parse(held[1]) + 2, Token))[..^2];
        var sum = (long.Parse(value) + random.Next(1000)).ToString();
        await BothAsync($"ms {prefix}{key} {sum.Length} T{Expiry()} {held[2].ToUpperInvariant()} E{++_version}\r\n{sum}\r\n");
    }

    private string Set(int key)
    {
        var value = random.Next(1_000_000).ToString();
        return $"ms {prefix}{key} {value.Length} T{Expiry()} F{random.Next(100)} E{++_version}\r\n{value}\r\n";
    }

    /// <summary>Unix seconds, far apart: an expiry that was missed shows.</summary>
    private long Expiry() => random.Next(4) == 0 ? 0 : DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 10_000 + (random.Next(1000) * 100);
}
