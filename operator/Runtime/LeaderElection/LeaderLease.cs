using CacheOperator.Operator.Runtime.Client;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.LeaderElection;

/// <summary>
/// One process's view of the lease: single steps of taking, renewing and giving it back.
/// Another holder's lease counts as run out only when it has not changed for its duration by this process's own clock:
/// clocks of different machines are never compared.
/// </summary>
internal sealed class LeaderLease(ApiClient client, LeaderElectionOptions options, TimeProvider time)
{
    private readonly ObjectKey _key = new(options.Namespace, options.LeaseName);
    private V1Lease? _seen;
    private long _seenAt;

    /// <summary>Who held the lease when it was last seen; null when nobody did.</summary>
    public string? Holder => _seen?.Spec?.HolderIdentity is { Length: > 0 } holder ? holder : null;

    /// <summary>For how long another holder's lease is still good; zero when it has run out, or is nobody else's.</summary>
    public TimeSpan Left =>
        _seen is { } lease && Holder is { } holder && holder != options.Identity && Duration(lease) - time.GetElapsedTime(_seenAt) is var left && left > TimeSpan.Zero
            ? left : TimeSpan.Zero;

    /// <summary>Only looks; from then on another holder's lease is running out.</summary>
    public async Task<LeaseOutcome> LookAsync(CancellationToken cancellationToken)
    {
        See(await client.GetAsync<V1Lease>(_key, cancellationToken));
        return Holder is null || Holder == options.Identity ? LeaseOutcome.Failed : LeaseOutcome.HeldByOther;
    }

    /// <summary>Takes the lease if it is free, ours or run out.</summary>
    /// <exception cref="ApiException">The server refused for another reason than a lost race.</exception>
    public async Task<LeaseOutcome> TryHoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A leader knows its lease and writes at once; a lost race shows as a conflict.
            if (Holder != options.Identity)
                See(await client.GetAsync<V1Lease>(_key, cancellationToken));
            if (_seen is null)
            {
                See(await client.CreateAsync(Next(null), cancellationToken));
                return LeaseOutcome.Held;
            }

            if (Holder is { } holder && holder != options.Identity && time.GetElapsedTime(_seenAt) < Duration(_seen))
                return LeaseOutcome.HeldByOther;
            See(await client.ReplaceAsync(Next(_seen), cancellationToken));
            return LeaseOutcome.Held;
        }
        catch (ApiException e) when (e.IsConflict || e.IsNotFound)
        {
            // Somebody wrote or removed it in between: look before the next try, and tell right away if it is lost.
            return await LookAsync(cancellationToken);
        }
    }

    /// <summary>Gives the lease back, so that another process leads at its next look and need not wait for it to run out.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteReleasedAsync(cancellationToken);
        }
        catch (ApiException e) when (e.IsConflict)
        {
            // The stop cut off a renewal that the server had taken.
            await LookAsync(cancellationToken);
            await WriteReleasedAsync(cancellationToken);
        }
    }

    private async Task WriteReleasedAsync(CancellationToken cancellationToken)
    {
        if (_seen is null || Holder != options.Identity)
            return;
        var lease = Next(_seen);
        lease.Spec.HolderIdentity = "";
        lease.Spec.LeaseDurationSeconds = 1;
        See(await client.ReplaceAsync(lease, cancellationToken));
    }

    private void See(V1Lease? lease)
    {
        if (lease is not null && _seen is not null && lease.Metadata.ResourceVersion == _seen.Metadata.ResourceVersion)
            return;
        _seen = lease;
        _seenAt = time.GetTimestamp();
    }

    private V1Lease Next(V1Lease? previous)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var mine = previous?.Spec?.HolderIdentity == options.Identity;
        return new V1Lease
        {
            Metadata = previous?.Metadata ?? new V1ObjectMeta { Name = _key.Name, NamespaceProperty = _key.Namespace },
            Spec = new V1LeaseSpec
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)Math.Ceiling(options.LeaseDuration.TotalSeconds),
                AcquireTime = mine ? previous!.Spec.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = (previous?.Spec?.LeaseTransitions ?? -1) + (mine ? 0 : 1),
            },
        };
    }

    private TimeSpan Duration(V1Lease lease) =>
        lease.Spec?.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.LeaseDuration;
}
