using System.Net;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using CacheOperator.Operator.Tests.Runtime.Support;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Operator.Tests.Runtime.Watching;

public sealed class ResourceInformerTests : IAsyncLifetime
{
    private readonly List<string> _changes = [];
    private FakeApiServer _server = null!;
    private InformerRun<V1ConfigMap> _run = null!;

    public async ValueTask InitializeAsync() => _server = await FakeApiServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
            await _run.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_page_of_a_list_is_in_the_cache()
    {
        foreach (var i in Enumerable.Range(0, 7))
            Put("a", $"map-{i}");
        Start(options => options.PageSize = 3);

        await Synced();

        Assert.Equal(7, _run.Informer.List().Count);
        Assert.Equal(3, _server.Count(request => request.Contains("limit=3")));
        Assert.Equal("map-6", _run.Informer.Get(new ObjectKey("a", "map-6"))!.Metadata.Name);
        Assert.Equal("v1", _run.Informer.Get(new ObjectKey("a", "map-6"))!.ApiVersion);
    }

    [Fact]
    public async Task Changes_arrive_with_old_and_new_object()
    {
        Start();
        await Synced();
        Put("a", "one", "first");
        Put("a", "one", "second");
        await Eventually.True(() => _changes.Count == 2, "two changes");
        _server.Store.Delete(new FakePath("configmaps", "a", "one"));

        await Eventually.True(() => _changes.Count == 3, "three changes");

        Assert.Equal(["Added one: -> first", "Modified one: first -> second", "Deleted one: second ->"], _changes);
        Assert.Null(_run.Informer.Get(new ObjectKey("a", "one")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_410_a_whole_new_list_tells_what_was_missed(bool inStream)
    {
        foreach (var i in Enumerable.Range(0, 5))
            Put("a", $"map-{i}", "old");
        Start(options => options.PageSize = 2);
        await Synced();
        await Eventually.True(() => _server.Store.OpenWatches == 1, "a watch");
        _changes.Clear();
        _server.Silent = true;
        _server.Store.DeleteUnseen(new FakePath("configmaps", "a", "map-0"));
        Put("a", "map-4", "new");
        Put("a", "map-5", "new");
        if (inStream)
        {
            _server.Silent = false;
            _server.Store.Broadcast("ERROR", new JsonObject { ["kind"] = "Status", ["code"] = 410, ["reason"] = "Expired", ["metadata"] = new JsonObject() });
        }
        else
        {
            var refused = 0;
            _server.Fault = request => request.Contains("watch=true") && Interlocked.Increment(ref refused) == 1 ? HttpStatusCode.Gone : null;
            _server.Silent = false;
            _server.Store.CloseWatches();
        }

        await Eventually.True(() => _changes.Count >= 3, "the missed changes");

        Assert.Equal(["Added map-5: -> new", "Deleted map-0: old ->", "Modified map-4: old -> new"], _changes.Order());
        Assert.Equal(5, _run.Informer.List().Count);
        Assert.NotNull(_run.Informer.Get(new ObjectKey("a", "map-1")));
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_where_it_was_without_a_new_list()
    {
        Put("a", "one", "first");
        Start();
        await Synced();
        await Eventually.True(() => _server.Store.OpenWatches == 1, "a watch");
        _server.Store.CloseWatches();
        await Eventually.True(() => _server.Store.OpenWatches == 0 || Watches() > 1, "the watch to end");
        Put("a", "one", "second");

        await Eventually.True(() => _changes.Count == 2, "the change after the reconnect");

        Assert.Equal(1, Lists());
    }

    [Fact]
    public async Task Bookmarks_move_the_place_from_which_the_next_watch_starts()
    {
        Start();
        await Synced();
        await Eventually.True(() => _server.Store.OpenWatches == 1, "a watch");
        var version = _server.Store.Bookmark();
        _server.Store.CloseWatches();

        await Eventually.True(() => _server.Count(request => request.Contains($"resourceVersion={version}")) > 0, "a watch from the bookmark");

        Assert.Equal(1, Lists());
        Assert.All(_server.Requests.Where(request => request.Contains("watch=true")), request => Assert.Contains("allowWatchBookmarks=true", request));
        Assert.All(_server.Requests.Where(request => request.Contains("watch=true")), request => Assert.Contains("timeoutSeconds=2", request));
    }

    [Fact]
    public async Task A_silent_connection_is_given_up_and_what_it_hid_arrives()
    {
        var time = new FakeTimeProvider();
        Start(time: time);
        await Synced();
        await Eventually.True(() => _server.Store.OpenWatches == 1, "a watch");
        _server.Silent = true;
        Put("a", "hidden", "x");
        time.Advance(TimeSpan.FromSeconds(149));
        Assert.Equal(1, Watches());
        _server.Silent = false;

        await Eventually.True(() => _changes.Count == 1, "the hidden change", () => time.Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal("Added hidden: -> x", Assert.Single(_changes));
        Assert.Equal(1, Lists());
    }

    [Fact]
    public async Task A_busy_watch_that_the_server_never_ends_is_ended_by_the_client()
    {
        var time = new FakeTimeProvider();
        Start(time: time);
        await Synced();

        await Eventually.True(() => Watches() > 1, "a second watch", () =>
        {
            _server.Store.Bookmark();
            time.Advance(TimeSpan.FromSeconds(1));
        });

        Assert.InRange(time.GetUtcNow() - time.Start, TimeSpan.FromSeconds(200), TimeSpan.FromSeconds(600));
    }

    [Fact]
    public async Task Failures_are_survived_and_waited_out()
    {
        var failures = 0;
        _server.Fault = _ => Interlocked.Increment(ref failures) <= 4 ? HttpStatusCode.InternalServerError : null;
        Put("a", "one");
        Start();

        await Synced();

        Assert.Single(_run.Informer.List());
    }

    [Fact]
    public async Task A_kind_that_the_server_lacks_is_reported_and_asked_for_rarely()
    {
        var time = new FakeTimeProvider();
        _server.NotServed["configmaps"] = true;
        Start(options => options.Optional = true, time);
        await Synced();
        Assert.Equal(InformerState.NotServed, _run.Informer.State);
        Assert.False(_run.Informer.IsServed);
        Assert.Empty(_run.Informer.List());
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Single(_server.Requests);

        _server.NotServed.Clear();
        Put("a", "one");
        await Eventually.True(() => _run.Informer.List().Count == 1, "the kind once it is served", () => time.Advance(TimeSpan.FromSeconds(1)));

        Assert.True(_run.Informer.IsServed);
    }

    [Fact]
    public async Task A_needed_kind_that_the_server_lacks_never_counts_as_synced()
    {
        _server.NotServed["configmaps"] = true;
        Start();

        await Eventually.True(() => _run.Informer.State == InformerState.NotServed, "the state");

        Assert.False(_run.Informer.HasSynced);
    }

    [Fact]
    public async Task A_starting_server_that_does_not_know_its_kinds_yet_deletes_nothing()
    {
        var time = new FakeTimeProvider();
        Put("a", "one");
        Start(time: time);
        await Synced();
        _server.NotServed["configmaps"] = true;
        _server.Store.CloseWatches();
        await Eventually.True(() => Lists() >= 3, "lists that are answered by 404", () => time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Single(_run.Informer.List());

        await Eventually.True(() => _run.Informer.List().Count == 0, "the end of the grace", () => time.Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal(InformerState.NotServed, _run.Informer.State);
        Assert.Equal("Deleted one: ->", _changes.Last());
    }

    [Fact]
    public async Task Only_the_namespaces_asked_for_are_listed_and_kept_apart()
    {
        Put("a", "one");
        Put("b", "two");
        Put("c", "three");
        Start(options => options.Namespaces = ["a", "b"]);

        await Synced();

        Assert.Equal(["one", "two"], _run.Informer.List().Select(map => map.Metadata.Name).Order());
        Assert.Equal("two", Assert.Single(_run.Informer.List(), map => map.Metadata.NamespaceProperty == "b").Metadata.Name);
        Assert.Equal(0, _server.Count(request => request.StartsWith("GET /api/v1/configmaps", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_object_that_cannot_be_read_does_not_hide_the_others()
    {
        Put("a", "good");
        _server.Store.Create(new FakePath("configmaps", "a", null), JsonNode.Parse("""{"metadata":{"name":"bad","namespace":"a"},"data":7}""")!.AsObject());
        Start();

        await Synced();

        Assert.Equal("good", Assert.Single(_run.Informer.List()).Metadata.Name);
    }

    [Fact]
    public async Task A_new_object_under_an_old_name_is_a_deletion_and_an_addition()
    {
        Put("a", "one", "old");
        Start();
        await Synced();
        await Eventually.True(() => _server.Store.OpenWatches == 1, "a watch");
        _server.Store.DeleteUnseen(new FakePath("configmaps", "a", "one"));
        Put("a", "one", "new");

        await Eventually.True(() => _changes.Count == 3, "both changes");

        Assert.Equal(["Added one: -> old", "Deleted one: old ->", "Added one: -> new"], _changes);
    }

    [Fact]
    public async Task A_subscriber_that_throws_stops_neither_the_watch_nor_the_others()
    {
        Start();
        await Synced();
        using var broken = _run.Informer.Subscribe(_ => throw new InvalidOperationException("broken"));
        var late = new List<string>();
        using var second = _run.Informer.Subscribe(change => late.Add(change.Key.Name));
        Put("a", "one");
        Put("a", "two");

        await Eventually.True(() => late.Count == 2 && _changes.Count == 2, "changes for the others");
    }

    [Fact]
    public async Task A_late_subscriber_hears_of_what_is_there_already()
    {
        Put("a", "one");
        Start();
        await Synced();
        var late = new List<ResourceChangeType>();

        using var subscription = _run.Informer.Subscribe(change => late.Add(change.Type));

        Assert.Equal([ResourceChangeType.Added], late);
    }

    private void Start(Action<InformerOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new InformerOptions { Reconnect = new Backoff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)) };
        configure?.Invoke(options);
        _run = new InformerRun<V1ConfigMap>(_server.Client(time), options, time ?? TimeProvider.System);
        _run.Informer.Subscribe(change => _changes.Add(
            $"{change.Type} {change.Key.Name}: {Value(change.Old)} -> {Value(change.New)}".Replace(":  ", ": ").TrimEnd()));
    }

    private Task Synced() => _run.Informer.WaitForSyncAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20));

    private void Put(string space, string name, string? value = null) => _server.Store.Put("configmaps", new V1ConfigMap
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = space, Name = name },
        Data = value is null ? null : new Dictionary<string, string> { ["value"] = value },
    });

    private static string? Value(V1ConfigMap? map) => map?.Data?["value"];

    private int Lists() => _server.Count(request => request.StartsWith("GET ", StringComparison.Ordinal) && !request.Contains("watch=true"));

    private int Watches() => _server.Count(request => request.Contains("watch=true"));
}
