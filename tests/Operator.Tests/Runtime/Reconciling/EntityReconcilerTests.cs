using CacheOperator.Operator.Runtime;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Reconciling;
using CacheOperator.Operator.Runtime.Watching;
using CacheOperator.Operator.Tests.Runtime.Support;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Operator.Tests.Runtime.Reconciling;

public sealed class EntityReconcilerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedController _controller = new();
    private readonly ReconcilerOptions<V1ConfigMap> _options = new() { Backoff = new Backoff(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60)) };
    private readonly RuntimeMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());
    private readonly CancellationTokenSource _term = new();
    private FakeApiServer _server = null!;
    private InformerRun<V1ConfigMap> _informer = null!;
    private EntityReconciler<V1ConfigMap> _reconciler = null!;
    private Task _run = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _informer = new InformerRun<V1ConfigMap>(_server.Client(), new InformerOptions(), TimeProvider.System);
        await _informer.Informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        _reconciler = new EntityReconciler<V1ConfigMap>(
            _controller, _options, new ResourceCaches([_informer.Informer]), _time, _metrics, NullLogger<EntityReconciler<V1ConfigMap>>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _term.CancelAsync();
        await _run;
        _term.Dispose();
        await _informer.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_there_at_the_start_what_changes_and_what_goes_is_reconciled()
    {
        Put("one", "a");
        await Eventually.True(() => _informer.Informer.List().Count == 1, "the cache");
        Lead();
        await CallsAsync(1);
        Put("one", "b");
        await CallsAsync(2);
        _server.Store.Delete(new FakePath("configmaps", "space", "one"));
        await CallsAsync(3);

        Assert.Equal(["reconcile space/one a", "reconcile space/one b", "deleted space/one"], _controller.Calls);
    }

    [Fact]
    public async Task A_failed_reconcile_is_tried_again_with_growing_waits_until_it_succeeds()
    {
        _controller.OnReconcile = (_, _) => _controller.Calls.Count switch
        {
            1 => throw new InvalidOperationException("broken"),
            2 => Task.FromResult(ReconciliationResult.Failure("not yet")),
            _ => Task.FromResult(ReconciliationResult.Success()),
        };
        Lead();
        Put("one");
        await CallsAsync(1);
        await Settled("error", 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await CallsAsync(2);
        await Settled("failure", 1);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(2, _controller.Calls.Count);
        _time.Advance(TimeSpan.FromSeconds(2.1));
        await CallsAsync(3);
        await Settled("success", 1);
        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(3, _controller.Calls.Count);
        Assert.Equal(2, _metrics.Retries.WithLabels("ConfigMap").Value);
    }

    [Fact]
    public async Task A_result_may_ask_to_come_again_at_a_time()
    {
        _controller.OnReconcile = (_, _) => Task.FromResult(_controller.Calls.Count == 1
            ? ReconciliationResult.Success(TimeSpan.FromSeconds(30))
            : ReconciliationResult.Failure("later", requeueAfter: TimeSpan.FromSeconds(70)));
        Lead();
        Put("one");
        await CallsAsync(1);
        await Settled("success", 1);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(_controller.Calls);

        _time.Advance(TimeSpan.FromSeconds(1));
        await CallsAsync(2);
        await Settled("failure", 1);
        _time.Advance(TimeSpan.FromSeconds(69));
        Assert.Equal(2, _controller.Calls.Count);
        _time.Advance(TimeSpan.FromSeconds(1));

        await CallsAsync(3);
    }

    [Fact]
    public async Task What_has_only_come_of_age_gets_a_quick_look_until_that_finds_something()
    {
        _controller.OnReconcile = (_, _) => Task.FromResult(ReconciliationResult.Success(TimeSpan.FromSeconds(5)));
        _controller.OnPoll = () => TimeSpan.FromSeconds(5);
        Lead();
        Put("one", "a");
        await CallsAsync(1);
        await Settled("success", 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        await CallsAsync(2);
        await Eventually.True(() => (int)_metrics.Polls.WithLabels("ConfigMap").Value == 1, "the poll is counted");
        Put("one", "b");
        await CallsAsync(3);
        await Settled("success", 2);
        _controller.OnPoll = () => null;
        _time.Advance(TimeSpan.FromSeconds(5));
        await CallsAsync(5);
        await Settled("success", 3);

        // What a quick look cannot settle is not left to the next one.
        _controller.OnPoll = () => throw new InvalidOperationException("broken");
        _time.Advance(TimeSpan.FromSeconds(5));
        await CallsAsync(6);
        await Settled("error", 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await CallsAsync(7);

        Assert.Equal(
            [
                "reconcile space/one a", "poll space/one", "reconcile space/one b", "poll space/one", "reconcile space/one b", "poll space/one",
                "reconcile space/one b",
            ],
            _controller.Calls);
    }

    [Fact]
    public async Task Everything_is_reconciled_again_within_ten_minutes()
    {
        Lead();
        Put("one");
        Put("two");
        await CallsAsync(2);
        await Settled("success", 2);
        _time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(2, _controller.Calls.Count);

        _time.Advance(TimeSpan.FromMinutes(5.1));

        await CallsAsync(4);
    }

    [Fact]
    public async Task One_entity_is_never_reconciled_twice_at_a_time_and_others_do_not_wait_for_it()
    {
        var gate = new TaskCompletionSource<ReconciliationResult>();
        _controller.OnReconcile = (entity, _) => entity.Metadata.Name == "slow" ? gate.Task : Task.FromResult(ReconciliationResult.Success());
        Lead();
        Put("slow", "a");
        await CallsAsync(1);
        Put("slow", "b");
        Put("slow", "c");
        Put("other");
        await CallsAsync(2);
        gate.SetResult(ReconciliationResult.Success());

        await CallsAsync(3);

        Assert.Equal(["reconcile space/slow a", "reconcile space/other", "reconcile space/slow c"], _controller.Calls);
        Assert.False(_controller.Overlapped);
    }

    [Fact]
    public async Task The_end_of_the_term_cancels_what_runs_and_nothing_runs_after_it()
    {
        var cancelled = false;
        _controller.OnReconcile = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => cancelled = true, TaskScheduler.Default);
            token.ThrowIfCancellationRequested();
            return ReconciliationResult.Success();
        };
        Lead();
        Put("one");
        await CallsAsync(1);

        await _term.CancelAsync();
        await _run.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Put("two");
        await Eventually.True(() => _informer.Informer.List().Count == 2, "the cache");
        _time.Advance(TimeSpan.FromMinutes(30));

        Assert.True(cancelled);
        Assert.Single(_controller.Calls);
    }

    [Fact]
    public async Task A_source_of_another_kind_leads_to_the_entities_it_names()
    {
        Put("one");
        await Eventually.True(() => _informer.Informer.List().Count == 1, "the cache");
        Action<ObjectKey>? enqueue = null;
        _options.Sources.Add((_, add) =>
        {
            enqueue = add;
            return new CancellationTokenSource();
        });
        Lead();
        await CallsAsync(1);
        await Settled("success", 1);

        enqueue!(new ObjectKey("space", "one"));

        await CallsAsync(2);
    }

    private void Lead() => _run = _reconciler.RunAsync(_term.Token);

    private void Put(string name, string? value = null) => _server.Store.Put("configmaps", new V1ConfigMap
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = "space", Name = name },
        Data = value is null ? null : new Dictionary<string, string> { ["value"] = value },
    });

    private Task CallsAsync(int count) => Eventually.True(() => _controller.Calls.Count == count, $"{count} calls");

    /// <summary>Results are booked a moment after the controller returns.</summary>
    private Task Settled(string result, int count) =>
        Eventually.True(() => (int)_metrics.Reconciles.WithLabels("ConfigMap", result).Value == count, $"{count} times {result}");
}
