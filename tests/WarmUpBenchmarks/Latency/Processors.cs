using System.Globalization;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>Gives processes the processors of a <see cref="Placement"/>. Disposing lets all run anywhere again.</summary>
internal sealed class Processors : IAsyncDisposable
{
    private const string First = "0";

    /// <summary>Read once, before this process is bound to some of them.</summary>
    private static readonly int Count = Environment.ProcessorCount;
    private readonly int _source;

    private Processors(int source) => _source = source;

    private static string All => Invariant($"0-{Count - 1}");

    private static string Others => Invariant($"1-{Count - 1}");

    /// <param name="placement">Of the source, and of this process with what it starts from here on.</param>
    /// <param name="source">Process of the source.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Processors> PlaceAsync(Placement placement, int source, CancellationToken cancellationToken)
    {
        await BindAsync(source, placement == Placement.Apart ? First : All, cancellationToken);
        await BindAsync(Environment.ProcessId, placement == Placement.Apart ? Others : All, cancellationToken);
        return new Processors(source);
    }

    /// <summary>Has a process run only when nobody else on its processors wants to.</summary>
    public static Task<string> YieldAsync(int process, CancellationToken cancellationToken) =>
        new Command("/bin/sh", "-c", Invariant($"renice -n 19 -p $(ls /proc/{process}/task)")).RunAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await BindAsync(_source, All, CancellationToken.None);
        await BindAsync(Environment.ProcessId, All, CancellationToken.None);
    }

    private static Task<string> BindAsync(int process, string processors, CancellationToken cancellationToken) =>
        new Command("taskset", "-acp", processors, Invariant($"{process}")).RunAsync(cancellationToken);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
