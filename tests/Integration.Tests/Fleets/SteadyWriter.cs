using System.Globalization;

namespace CacheOperator.Integration.Tests.Fleets;

/// <summary>
/// Changes keys of its own through one proxy and then another, one command after the other, and knows what each has to be answered. To be used where a write
/// is answered when all replicas have it.
/// </summary>
/// <param name="clients">Through these proxies.</param>
/// <param name="random">What is done.</param>
/// <param name="name">Its keys begin with it.</param>
/// <param name="keys">How many it has.</param>
internal sealed class SteadyWriter(IReadOnlyList<RawClient> clients, Random random, string name, int keys)
{
    private readonly Dictionary<string, string> _held = [];

    /// <summary>What its keys hold.</summary>
    public IReadOnlyDictionary<string, string> Held => _held;

    public long Commands { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var key = $"{name}:{random.Next(keys)}";
            await ChangeAsync(key);
            Assert.Equal(_held.GetValueOrDefault(key), await Client().GetAsync(key, CancellationToken.None));
        }
    }

    private RawClient Client() => clients[random.Next(clients.Count)];

    private async Task ChangeAsync(string key)
    {
        var value = (++Commands).ToString(CultureInfo.InvariantCulture);
        var before = _held.GetValueOrDefault(key);
        var (command, answer, after) = random.Next(8) switch
        {
            0 or 1 or 2 => ($"set {key} 0 0 {value.Length}\r\n{value}\r\n", "STORED", value),
            3 => ($"delete {key}\r\n", before is null ? "NOT_FOUND" : "DELETED", null),
            4 => ($"add {key} 0 0 {value.Length}\r\n{value}\r\n", before is null ? "STORED" : "NOT_STORED", before ?? value),
            5 => ($"incr {key} 1\r\n", before is null ? "NOT_FOUND" : Incremented(before), before is null ? null : Incremented(before)),
            6 => ($"replace {key} 0 3600 {value.Length}\r\n{value}\r\n", before is null ? "NOT_STORED" : "STORED", before is null ? null : value),
            _ => ($"touch {key} 3600\r\n", before is null ? "NOT_FOUND" : "TOUCHED", before),
        };
        Assert.Equal(answer, await Client().LineAsync(command, CancellationToken.None));
        if (after is null) _held.Remove(key);
        else _held[key] = after;
    }

    private static string Incremented(string number) => (ulong.Parse(number, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
}
