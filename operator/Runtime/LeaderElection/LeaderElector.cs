using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.LeaderElection;

/// <summary>
/// Campaigns for the lease for as long as the process runs, and runs the leader's work while it holds it.
/// The client's own elector neither gives the lease back on shutdown nor tells why it lost it.
/// </summary>
internal sealed partial class LeaderElector(
    ApiClient client, LeaderElectionOptions options, TimeProvider time, RuntimeMetrics metrics, ILogger<LeaderElector> logger)
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(3);

    private readonly LeaderLease _lease = new(client, options, time);
    private volatile bool _isLeader;

    /// <summary>True while this process may write.</summary>
    public bool IsLeader => _isLeader;

    /// <summary>
    /// Looks who holds the lease: for whoever cannot lead yet. The lease of a dead leader runs out from the first look on.
    /// </summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (options.Enabled)
            await TryAsync(_lease.LookAsync, options.RenewDeadline, cancellationToken);
    }

    /// <summary>
    /// Runs <paramref name="lead"/> each time the lease is won; its token is cancelled when the lease is lost or the process
    /// stops. The lease is campaigned for again, or given back, only after the work has ended.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            await LeadAsync(lead, Task.Delay(Timeout.Infinite, cancellationToken), cancellationToken);
            return;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var since = await AcquireAsync(cancellationToken);
                await LeadAsync(lead, RenewAsync(since, cancellationToken), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopping: the lease is given back below.
            }
        }

        await ReleaseAsync();
    }

    /// <returns>The timestamp from which on the lease is ours.</returns>
    private async Task<long> AcquireAsync(CancellationToken cancellationToken)
    {
        string? shown = null;
        while (true)
        {
            var started = time.GetTimestamp();
            var outcome = await TryAsync(_lease.TryHoldAsync, options.RenewDeadline, cancellationToken);
            if (outcome == LeaseOutcome.Held)
                return started;
            if (_lease.Holder is { } holder && holder != shown)
                LogFollowing(shown = holder);

            // A dead leader's lease is taken as soon as it has run out.
            var pause = Backoff.Between(options.LookPeriod * 0.8, options.LookPeriod);
            if (outcome == LeaseOutcome.HeldByOther && _lease.Left is var left && left < pause) pause = left;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Renews until the lease is lost (returns) or the process stops (throws).</summary>
    private async Task RenewAsync(long renewed, CancellationToken cancellationToken)
    {
        while (true)
        {
            var left = options.RenewDeadline - time.GetElapsedTime(renewed);
            if (left <= TimeSpan.Zero)
            {
                LogLost($"not renewed for {options.RenewDeadline.TotalSeconds} s");
                return;
            }

            await Task.Delay(left < options.RetryPeriod ? left : options.RetryPeriod, time, cancellationToken);
            left = options.RenewDeadline - time.GetElapsedTime(renewed);
            if (left <= TimeSpan.Zero)
                continue;
            var started = time.GetTimestamp();
            switch (await TryAsync(_lease.TryHoldAsync, left, cancellationToken))
            {
                case LeaseOutcome.Held:
                    renewed = started;
                    break;
                case LeaseOutcome.HeldByOther:
                    LogLost($"taken by {_lease.Holder}");
                    return;
            }
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, Task lost, CancellationToken cancellationToken)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        SetLeader(true);
        LogLeading(options.Identity);
        var work = lead(term.Token);
        try
        {
            await lost;
        }
        finally
        {
            SetLeader(false);
            await term.CancelAsync();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            LogStopped(options.Identity);
        }
    }

    private async Task<LeaseOutcome> TryAsync(Func<CancellationToken, Task<LeaseOutcome>> step, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await step(any.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            LogFailed(e, options.LeaseName);
            return LeaseOutcome.Failed;
        }
    }

    private async Task ReleaseAsync()
    {
        using var deadline = new CancellationTokenSource(ReleaseTimeout, time);
        try
        {
            await _lease.ReleaseAsync(deadline.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The others wait for it to run out, then.
            LogFailed(e, options.LeaseName);
        }
    }

    private void SetLeader(bool leads)
    {
        _isLeader = leads;
        metrics.Leader.Set(leads ? 1 : 0);
    }

    [LoggerMessage(1200, LogLevel.Information, "{Identity} leads")]
    private partial void LogLeading(string identity);

    [LoggerMessage(1201, LogLevel.Information, "{Identity} no longer leads; its work has stopped")]
    private partial void LogStopped(string identity);

    [LoggerMessage(1202, LogLevel.Warning, "Leadership lost: {Why}")]
    private partial void LogLost(string why);

    [LoggerMessage(1203, LogLevel.Information, "{Holder} leads; waiting")]
    private partial void LogFollowing(string holder);

    [LoggerMessage(1204, LogLevel.Warning, "Lease {Lease} could not be read or written")]
    private partial void LogFailed(Exception error, string lease);
}
