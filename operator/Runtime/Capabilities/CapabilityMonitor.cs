using System.Collections.Immutable;
using CacheOperator.Operator.Runtime.Client;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.Capabilities;

/// <summary>
/// Asks the server what it can do, at the start and now and then. While the server, or a part of it, does not answer,
/// the last knowledge stays.
/// </summary>
internal sealed partial class CapabilityMonitor(ApiClient client, TimeProvider time, ILogger<CapabilityMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);
    private static readonly Backoff Retry = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServerCapabilities? _current;

    /// <summary>What is known now; another instance once it has changed. Leader tasks start only after it is known, so reconcilers may rely on it.</summary>
    /// <exception cref="InvalidOperationException">The server has not answered yet.</exception>
    public ServerCapabilities Current =>
        Volatile.Read(ref _current) ?? throw new InvalidOperationException("The API server has not told its version yet.");

    public bool IsKnown => Volatile.Read(ref _current) is not null;

    public Task WaitAsync(CancellationToken cancellationToken) => _known.Task.WaitAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Backoff.Between(Refresh * 0.8, Refresh);
            try
            {
                await RefreshAsync(stoppingToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                wait = Retry.After(++failures);
                LogFailed(e, wait);
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks once.</summary>
    /// <exception cref="ApiException">The server refused to tell its version or groups.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var version = await client.ReadAsync<VersionInfo>("version", cancellationToken);
        var groups = await client.ReadAsync<V1APIGroupList>("apis", cancellationToken);
        var apiVersions = groups.Groups.SelectMany(group => group.Versions).Select(served => served.GroupVersion).Prepend("v1");
        var kinds = ImmutableHashSet.CreateBuilder<(string ApiVersion, string Kind)>();
        foreach (var apiVersion in apiVersions)
            kinds.UnionWith(await KindsAsync(apiVersion, cancellationToken));

        var next = new ServerCapabilities(ServerCapabilities.ParseMinor(version.Minor), version.GitVersion, kinds.ToImmutable());
        var known = Volatile.Read(ref _current);
        if (known is not null && known.IsSameAs(next)) return;
        Volatile.Write(ref _current, next);
        if (known?.GitVersion != next.GitVersion)
            LogVersion(next.GitVersion, next.Kinds.Count);
        _known.TrySetResult();
    }

    private async Task<IEnumerable<(string ApiVersion, string Kind)>> KindsAsync(string apiVersion, CancellationToken cancellationToken)
    {
        try
        {
            var path = apiVersion == "v1" ? "api/v1" : $"apis/{apiVersion}";
            var served = await client.ReadAsync<V1APIResourceList>(path, cancellationToken);
            return served.Resources.Select(resource => (apiVersion, resource.Name.EndsWith("/resize", StringComparison.Ordinal) ? $"{resource.Kind}/resize" : resource.Kind));
        }
        catch (Exception e) when (e is ApiException or TimeoutException or HttpRequestException)
        {
            // One broken aggregated API must not hide the others.
            LogGroupFailed(e, apiVersion);
            return Volatile.Read(ref _current)?.Kinds.Where(kind => kind.ApiVersion == apiVersion) ?? [];
        }
    }

    [LoggerMessage(1400, LogLevel.Information, "API server {Version} serves {Count} kinds")]
    private partial void LogVersion(string version, int count);

    [LoggerMessage(1401, LogLevel.Warning, "The API server does not tell what it can do, next try in {Wait}")]
    private partial void LogFailed(Exception error, TimeSpan wait);

    [LoggerMessage(1402, LogLevel.Debug, "The API server does not tell what {ApiVersion} holds")]
    private partial void LogGroupFailed(Exception error, string apiVersion);
}
