using CacheOperator.Benchmarks.Load;

namespace CacheOperator.Benchmarks;

/// <summary>The rows to choose from. Not every combination: those that differ in what they show.</summary>
internal static class Matrix
{
    private const int Small = 100;
    private const int Medium = 4 << 10;
    private const int Large = 100 << 10;
    private static readonly Mix[] Mixes = [Mix.Get, Mix.Set, Mix.OneToNine];

    /// <summary>What tells within three minutes where the proxy stands.</summary>
    public static IReadOnlyList<Row> Headlines { get; } =
    [
        .. Mixes.Select(mix => Of(mix, pipeline: 1, clients: 64, Small)),
        .. Mixes.Select(mix => Of(mix, pipeline: 32, clients: 64, Small)),
        MultiGet(10, clients: 64, Small),
        MultiGet(100, clients: 64, Small),
    ];

    public static IReadOnlyList<Row> All { get; } =
    [
        .. from pipeline in (int[])[1, 32] from mix in Mixes from clients in (int[])[16, 64, 256] select Of(mix, pipeline, clients, Small),
        MultiGet(10, clients: 64, Small),
        MultiGet(100, clients: 16, Small),
        MultiGet(100, clients: 64, Small),
        .. Mixes.Select(mix => Of(mix, pipeline: 1, clients: 64, Medium)),
        Of(Mix.Get, pipeline: 32, clients: 64, Medium),
        MultiGet(10, clients: 64, Medium),
        Of(Mix.Get, pipeline: 1, clients: 16, Large),
        Of(Mix.Set, pipeline: 1, clients: 16, Large),
        Of(Mix.Get, pipeline: 1, clients: 64, Small, threads: 2),
        .. Mixes.Select(mix => Of(mix, pipeline: 32, clients: 64, Small, threads: 2)),
    ];

    private static Row Of(Mix mix, int pipeline, int clients, int size, int threads = 1) =>
        new(new Workload { Mix = mix, Pipeline = pipeline, Clients = clients, ValueSize = size }, threads);

    private static Row MultiGet(int keys, int clients, int size) =>
        new(new Workload { Mix = Mix.Get, KeysPerGet = keys, Clients = clients, ValueSize = size });
}
