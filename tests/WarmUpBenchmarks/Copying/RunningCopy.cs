using System.Net;
using System.Net.Http.Headers;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Topology;

namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>A proxy that copies. Disposing ends it.</summary>
internal sealed class RunningCopy : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly BackgroundProcess _process;
    private readonly HttpClient _http;

    /// <param name="process">The proxy.</param>
    /// <param name="endPoint">Where its clients connect.</param>
    /// <param name="admin">Its admin API.</param>
    /// <param name="token">Of that API.</param>
    public RunningCopy(BackgroundProcess process, IPEndPoint endPoint, Uri admin, string token)
    {
        (_process, EndPoint, _http) = (process, endPoint, new HttpClient { BaseAddress = admin });
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Tells a proxy that has served clients until now to copy.</summary>
    public async Task AssignAsync(TopologyDocument document, CancellationToken cancellationToken)
    {
        using var answer = await _http.PutAsync(AdminApi.TopologyPath, new ByteArrayContent(TopologyJson.Write(document)), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Returns once it is at work, or done already.</summary>
    public Task BeginningAsync(CancellationToken cancellationToken) =>
        _process.WaitUntilAsync(async () => await StatusAsync(cancellationToken) is not null, "starting to copy", StartPatience, cancellationToken);

    /// <summary>Returns once it is done.</summary>
    /// <exception cref="ProvisioningException">It did not copy everything.</exception>
    public async Task<CopyOutcome> EndAsync(CopyCase work, CancellationToken cancellationToken)
    {
        CopyStatus? status = null;
        await _process.WaitUntilAsync(
            async () => (status = await StatusAsync(cancellationToken)) is { Phase: not CopyPhase.Running }, "copying", Patience, cancellationToken);
        if (status is not { Phase: CopyPhase.Succeeded, Missing: 0 } || status.Copied != work.Items)
            throw new ProvisioningException($"the copy is not complete: {status}");
        return new CopyOutcome(
            status.Copied,
            (status.FinishedAt!.Value - status.StartedAt).TotalSeconds,
            TimeSpan.FromMicroseconds(CpuClock.OfProcess(_process.Id) / 1000.0),
            ProcessMemory.Peak(_process.Id));
    }

    /// <summary>Stops it for a moment, with all that is on its way.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => _process.SignalAsync("STOP", cancellationToken);

    public Task ThawAsync(CancellationToken cancellationToken) => _process.SignalAsync("CONT", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }

    private async Task<CopyStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _http.GetByteArrayAsync(AdminApi.StatusPath, cancellationToken);
            return TopologyJson.ReadStatus(answer).Copies.SingleOrDefault();
        }
        catch (HttpRequestException)
        {
            return null; // It is still starting.
        }
    }
}
