using System.Diagnostics;
using System.Net;

namespace CacheOperator.Integration.Tests.Fuzzing;

/// <summary>A well-behaved client that must notice nothing.</summary>
internal sealed class Canary(IPEndPoint server, string name)
{
    public int Rounds { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(server, cancellationToken);
        for (; !stop.IsCancellationRequested; Rounds++)
        {
            var watch = Stopwatch.StartNew();
            var (key, value) = ($"{name}-{Rounds % 50}", $"{name} says {Rounds}");
            var request = $"set {key} {Rounds} 0 {value.Length}\r\n{value}\r\nget {key} {name}-none {key}\r\nincr {key} 1\r\nmg {key} v f\r\n";
            var item = $"VALUE {key} {Rounds} {value.Length}\r\n{value}\r\n";
            var expected = $"STORED\r\n{item}{item}END\r\nCLIENT_ERROR cannot increment or decrement non-numeric value\r\nVA {value.Length} f{Rounds}\r\n{value}\r\n";
            await client.SendAsync(request, cancellationToken);
            Assert.Equal(expected, await client.ReadAsync(expected.Length, cancellationToken));
            if (watch.Elapsed > Slowest) Slowest = watch.Elapsed;
        }
    }
}
