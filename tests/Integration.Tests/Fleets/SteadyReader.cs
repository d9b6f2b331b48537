namespace CacheOperator.Integration.Tests.Fleets;

/// <summary>Reads keys that nobody changes, of those that <see cref="FleetScenario.LoadAsync"/> has set: none may ever be missing.</summary>
/// <param name="client">Through this proxy.</param>
/// <param name="random">Which of them.</param>
/// <param name="keys">How many there are.</param>
internal sealed class SteadyReader(RawClient client, Random random, int keys)
{
    private const int AtOnce = 20;

    /// <summary>Keys read so far.</summary>
    public long Reads { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wanted = Enumerable.Range(0, AtOnce).Select(_ => random.Next(keys)).Distinct().ToList();
            var expected = string.Concat(wanted.Select(i => $"VALUE key:{i} {i} 100\r\n{FleetScenario.ValueOf(i)}\r\n")) + "END\r\n";
            Assert.Equal(expected, await client.AskAsync($"get {string.Join(' ', wanted.Select(i => $"key:{i}"))}\r\n", "END\r\n", CancellationToken.None));
            Reads += wanted.Count;
        }
    }
}
