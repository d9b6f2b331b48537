using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Proxy.Configuration;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>A member that one proxy is cut off from for a while.</summary>
internal static class CutOffMember
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Proxy 0, in zone a, reaches its own zone's member by a relay.</summary>
    public static Task<ProxyFleet> StartAsync(
        int proxies = 1, Func<ProxySettings, ProxySettings>? settings = null) =>
        ProxyFleet.StartAsync(Token, proxies, s => (settings?.Invoke(s) ?? s) with { MemberTimeout = 1000, HedgeDelay = 500 }, relayed: [(0, 0)]);

    public static async Task CutAsync(ProxyFleet fleet)
    {
        fleet.RelayOf(0, 0).Cut();
        await ProxyFleet.WaitAsync(() => !fleet.Status(0).Reachable, "the loss noticed", Token);
    }

    public static async Task HealAsync(ProxyFleet fleet)
    {
        fleet.RelayOf(0, 0).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Reachable: true, Hints: 0, ServesReads: true }, "settled", Token);
    }

    public static async Task ConverseAsync(RawClient client, params string?[] script)
    {
        for (var i = 0; i < script.Length; i += 2)
        {
            var answer = await client.LineAsync(script[i]!, Token);
            if (script[i + 1] is { } expected) Assert.Equal(expected, answer);
        }
    }

    /// <summary>Every member holds the same under each key, or nothing that a client could see.</summary>
    public static async Task WaitUntilSameAsync(ProxyFleet fleet, params string[] keys)
    {
        foreach (var key in keys)
        {
            var copies = Array.Empty<string>();
            await Deadline.UntilAsync(
                $"{key} is the same everywhere",
                Deadline.Patience,
                async () => (copies = await fleet.CopiesAsync(key, Token)).Select(Visible).Distinct().Count() == 1,
                () => string.Join(" | ", copies));
        }
    }

    // Without the seconds left, and a tombstone for nothing.
    private static string Visible(string copy)
    {
        var line = copy.Split("\r\n")[0].Split(' ');
        if (line[0] == "EN" || (line[1] == "0" && ulong.Parse(line.First(w => w[0] == 'c')[1..]) % 2 == 1)) return "nothing";
        return string.Join(' ', line.Where(w => w[0] != 't')) + copy[copy.IndexOf('\n', StringComparison.Ordinal)..];
    }
}
