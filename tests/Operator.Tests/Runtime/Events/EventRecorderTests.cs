using System.Net;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Events;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Tests.Runtime.Support;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Operator.Tests.Runtime.Events;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly RuntimeMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());
    private readonly V1Pod _pod = new() { Metadata = new V1ObjectMeta { NamespaceProperty = "space", Name = "pod", Uid = "uid-1" } };
    private FakeApiServer _server = null!;
    private EventRecorder _recorder = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _recorder = new EventRecorder(_server.Client(), _time, _metrics, NullLogger<EventRecorder>.Instance);
        await _recorder.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.StopAsync(TestContext.Current.CancellationToken);
        _recorder.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_event_names_the_object_and_what_happened()
    {
        _recorder.Record(_pod, EventType.Warning, "NodeLost", "The node is gone.");
        await SentAsync(1);

        var written = Assert.Single(Events("space"));
        Assert.Equal("Warning", written["type"]!.GetValue<string>());
        Assert.Equal("NodeLost", written["reason"]!.GetValue<string>());
        Assert.Equal("Pod", written["involvedObject"]!["kind"]!.GetValue<string>());
        Assert.Equal("uid-1", written["involvedObject"]!["uid"]!.GetValue<string>());
    }

    [Fact]
    public async Task Equal_events_become_one_with_a_count()
    {
        foreach (var _ in Enumerable.Range(0, 3))
            _recorder.Record(_pod, EventType.Normal, "Warming", "Copying.");
        _recorder.Record(_pod, EventType.Normal, "Warming", "Copied.");
        await SentAsync(4);

        Assert.Equal([1, 3], Events("space").Select(written => written["count"]!.GetValue<int>()).Order());
    }

    [Fact]
    public async Task A_series_that_the_server_has_forgotten_starts_anew()
    {
        _recorder.Record(_pod, EventType.Normal, "Warming", "Copying.");
        await SentAsync(1);
        _server.Store.DeleteUnseen(new FakePath("events", "space", Events("space").Single()["metadata"]!["name"]!.GetValue<string>()));
        _recorder.Record(_pod, EventType.Normal, "Warming", "Copying.");
        await SentAsync(2);

        Assert.Equal(1, Assert.Single(Events("space"))["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Too_many_of_one_reason_lose_some_and_neither_other_objects_nor_other_reasons_lose_any()
    {
        foreach (var i in Enumerable.Range(0, 40))
            _recorder.Record(_pod, EventType.Normal, "Noise", $"Number {i}.");
        _recorder.Record(new V1Pod { Metadata = new V1ObjectMeta { NamespaceProperty = "other", Name = "pod", Uid = "uid-2" } }, EventType.Normal, "Calm", "One.");
        _recorder.Record(_pod, EventType.Normal, "Rare", "Once.");
        await SentAsync(27);

        Assert.Equal(15, _metrics.Events.WithLabels("dropped").Value);
        Assert.Single(Events("other"));
        Assert.Contains(Events("space"), written => written["reason"]!.GetValue<string>() == "Rare");
        _time.Advance(TimeSpan.FromSeconds(30));
        _recorder.Record(_pod, EventType.Normal, "Noise", "Later.");
        await SentAsync(28);
    }

    [Fact]
    public async Task A_refused_event_is_counted_and_the_next_goes_out()
    {
        _server.Fault = _ => HttpStatusCode.Forbidden;
        _recorder.Record(_pod, EventType.Normal, "Lost", "Refused.");
        await Eventually.True(() => (int)_metrics.Events.WithLabels("failed").Value == 1, "the failure");
        _server.Fault = null;

        _recorder.Record(_pod, EventType.Normal, "Sent", "Taken.");

        await SentAsync(1);
    }

    [Fact]
    public async Task Events_of_a_node_are_written_to_the_default_namespace()
    {
        _recorder.Record(new V1Node { Metadata = new V1ObjectMeta { Name = "node", Uid = "uid-3" } }, EventType.Normal, "Seen", "Seen.");
        await SentAsync(1);

        Assert.Single(Events("default"));
    }

    [Fact]
    public async Task What_was_recorded_before_the_stop_is_still_written()
    {
        foreach (var i in Enumerable.Range(0, 10))
            _recorder.Record(_pod, EventType.Normal, "Last", $"Word {i}.");

        await _recorder.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(10, Events("space").Count);
    }

    private Task SentAsync(int count) => Eventually.True(() => (int)_metrics.Events.WithLabels("sent").Value == count, $"{count} events sent");

    private List<JsonObject> Events(string space) =>
        [.. _server.Store.List(new FakePath("events", space, null), int.MaxValue, 0)["items"]!.AsArray().Select(item => item!.AsObject())];
}
