using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>
/// Makes a store follow the server within one scope: list everything, then watch from there on. A watch that ends is
/// opened again where it stopped; only when the server has forgotten that place is everything listed again.
/// </summary>
internal sealed class ResourceReflector<T>(
    ApiClient client,
    ResourceStore<T> store,
    string? scope,
    InformerOptions options,
    TimeProvider time,
    RuntimeMetrics metrics,
    InformerLog log,
    Action onStateChanged)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>How much later than the server the client ends a watch that the server failed to end.</summary>
    private static readonly TimeSpan DeadlineMargin = TimeSpan.FromSeconds(15);

    /// <summary>Objects whose list leaves behind more than is worth keeping.</summary>
    private const int Many = 500;

    private readonly string _label = ResourceKind.Of<T>().Plural;
    private volatile InformerState _state;
    private long _lastActivity = time.GetUtcNow().UtcTicks;
    private DateTimeOffset? _missingSince;
    private string? _resourceVersion;

    public InformerState State => _state;

    public DateTimeOffset LastActivity => new(Volatile.Read(ref _lastActivity), TimeSpan.Zero);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                Touch();
                if (_resourceVersion is null)
                    await ListAsync(cancellationToken);
                var useful = await WatchAsync(cancellationToken);

                // A server that hangs up at once, again and again, is a failure too.
                failures = useful ? 0 : failures + 1;
                wait = useful ? TimeSpan.Zero : options.Reconnect.After(failures);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ApiException e) when (e.IsExpired)
            {
                wait = options.Reconnect.After(++failures);
                End("expired");
                _resourceVersion = null;
            }
            catch (ApiException e) when (_resourceVersion is null && (e.IsNotFound || e.IsForbidden))
            {
                wait = OnMissing(e, ++failures);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                wait = options.Reconnect.After(++failures);
                log.Failed(scope, wait, e);

                // Refused rather than broken: the place may be at fault, so start over. A broken connection goes on where it was.
                if (e is ApiException { StatusCode: < System.Net.HttpStatusCode.InternalServerError and not System.Net.HttpStatusCode.TooManyRequests })
                    _resourceVersion = null;
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var items = new List<T>();
        var unreadable = new HashSet<ObjectKey>();
        ListPage<T> page;
        string? next = null;
        do
        {
            page = await client.ListAsync<T>(scope, options.LabelSelector, options.PageSize, next, cancellationToken);
            Touch();
            foreach (var item in page.Items)
                items.Add(Trim(item));
            foreach (var item in page.Unreadable)
            {
                log.Unreadable(item);
                unreadable.Add(item.Key);
            }

            next = page.Continue;
        }
        while (next is not null);

        // Only a whole list says what is gone.
        store.Replace(scope, items, unreadable);
        _resourceVersion = page.ResourceVersion;
        _missingSince = null;
        metrics.InformerLists.WithLabels(_label).Inc();
        SetState(InformerState.Synced);
        log.Synced(scope, items.Count);
        if (items.Count > Many) ListMemory.GiveBack();
    }

    /// <returns>Whether the watch told anything or lasted a while; false means that it should not be repeated at once.</returns>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        var timeout = Backoff.Between(options.WatchTimeoutLow, options.WatchTimeoutHigh);
        var started = time.GetTimestamp();
        var events = 0;
        using var deadline = new CancellationTokenSource(timeout + DeadlineMargin, time);
        using var silence = new CancellationTokenSource(options.SilenceTimeout, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, silence.Token);
        try
        {
            await foreach (var change in client.WatchAsync<T>(scope, options.LabelSelector, _resourceVersion!, timeout, any.Token))
            {
                silence.CancelAfter(options.SilenceTimeout);
                events++;
                Take(change);
            }

            End("ended");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            End("silent");
        }
        catch (IOException) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection broke in the middle of the stream: go on where it was, like after a normal end.
            End("failed");
        }

        return events > 0 || time.GetElapsedTime(started) > TimeSpan.FromSeconds(5);
    }

    private void Take(WatchEvent<T> change)
    {
        Touch();
        if (change.Unreadable is { } unreadable)
            log.Unreadable(unreadable);
        switch (change)
        {
            case { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } item }:
                store.Set(Trim(item));
                break;
            case { Type: WatchEventType.Deleted, Object: { } item }:
                store.Remove(ObjectKey.Of(item), Trim(item));
                break;
            case { Type: WatchEventType.Deleted, Unreadable: { } item }:
                store.Remove(item.Key, null);
                break;
        }

        // Only now: a failure above repeats the event.
        if (change.ResourceVersion.Length > 0)
            _resourceVersion = change.ResourceVersion;
        if (change.Type != WatchEventType.Bookmark)
            onStateChanged();
    }

    /// <summary>The list was answered by "no such API" or "not for you".</summary>
    private TimeSpan OnMissing(ApiException error, int failures)
    {
        var now = time.GetUtcNow();
        _missingSince ??= now;
        if (_state == InformerState.Synced && now - _missingSince < options.NotServedGrace)
            return options.Reconnect.After(failures);

        var state = error.IsForbidden ? InformerState.Forbidden : InformerState.NotServed;
        if (_state != state)
            log.NotServed(scope, error.Message, options.NotServedRetry);
        if (state == InformerState.NotServed)
            store.Replace(scope, [], new HashSet<ObjectKey>());
        SetState(state);
        return Backoff.Between(options.NotServedRetry * 0.8, options.NotServedRetry);
    }

    private void End(string how)
    {
        metrics.InformerWatches.WithLabels(_label, how).Inc();
        log.WatchEnded(scope, how);
    }

    private void SetState(InformerState state)
    {
        _state = state;
        onStateChanged();
    }

    private void Touch() => Volatile.Write(ref _lastActivity, time.GetUtcNow().UtcTicks);

    private T Trim(T item)
    {
        // Half of an object's size, and nobody here reads it.
        item.Metadata.ManagedFields = null;
        options.Trim?.Invoke(item);
        return item;
    }
}
