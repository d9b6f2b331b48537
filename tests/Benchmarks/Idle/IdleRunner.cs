using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Benchmarks.Idle;

/// <summary>Measures what idle clients cost, in a process that has done nothing else.</summary>
internal sealed class IdleRunner(TargetStarter starter, LoadRunner load)
{
    public const int Clients = 10_000;
    private static readonly Workload Traffic = new() { Mix = Mix.Get, Clients = 64, ValueSize = 100 };

    public async Task<IdleResult> RunAsync(TargetKind kind, CancellationToken cancellationToken)
    {
        await using var target = await starter.StartAsync(kind, threads: 1, cancellationToken);
        KeySpaceFill.Run(target, Traffic);
        var stream = RequestStream.Build(Traffic, kind.KeyOwner());
        var before = await load.MeasureAsync(target, stream, Traffic.Clients, cancellationToken);
        var memoryBefore = ProcessMemory.Resident(target.ProcessId);
        using var clients = IdleClients.Connect(target.EndPoint, Clients);
        var memoryWith = ProcessMemory.Resident(target.ProcessId);
        var with = await load.MeasureAsync(target, stream, Traffic.Clients, cancellationToken);
        return new IdleResult(Clients, memoryBefore, memoryWith, before, with);
    }
}
