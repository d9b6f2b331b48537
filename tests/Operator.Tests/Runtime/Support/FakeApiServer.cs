using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Tests.Runtime.Support;

/// <summary>
/// A fake: an API server in this process, with lists, pages, watches and writes over real HTTP, and with the failures that
/// a real one cannot be told to show. What the server itself decides (apply, defaulting) is tested against a real one.
/// </summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _inFlight;

    private FakeApiServer(WebApplication app) => _app = app;

    public FakeStore Store { get; } = new();

    /// <summary>Every request so far, as "GET path?query".</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Plurals that the server answers with 404, as if it lacked the API.</summary>
    public ConcurrentDictionary<string, bool> NotServed { get; } = new();

    /// <summary>Answers instead of the server where it returns a status code; it is given method, path and query.</summary>
    public Func<string, HttpStatusCode?>? Fault { get; set; }

    /// <summary>Documents served at fixed paths.</summary>
    public Func<string, JsonObject?>? Document { get; set; }

    /// <summary>Watches show nothing while this is set, as behind a dead connection.</summary>
    public bool Silent { get; set; }

    /// <summary>Requests that are being answered; watches do not count.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public Kubernetes Kubernetes { get; private set; } = null!;

    public ApiClient Client(TimeProvider? time = null) => new(new ApiTransport(Kubernetes, time ?? TimeProvider.System));

    public static async Task<FakeApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new FakeApiServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        server.Kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = app.Urls.First() });
        return server;
    }

    public int Count(Func<string, bool> request) => Requests.Count(request);

    public async ValueTask DisposeAsync()
    {
        Store.CloseWatches();
        Kubernetes.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        Requests.Enqueue(request);
        var path = FakePath.Parse(context.Request.Path);
        if (Fault?.Invoke(request) is { } fault)
        {
            await RefuseAsync(context, fault, fault == HttpStatusCode.Gone ? "Expired" : fault.ToString());
            return;
        }

        if (Document?.Invoke(context.Request.Path!) is { } document)
        {
            await context.Response.WriteAsJsonAsync(document);
            return;
        }

        if (path is null || NotServed.ContainsKey(path.Value.Plural))
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, "NotFound");
            return;
        }

        if (context.Request.Query["watch"] == "true")
        {
            await WatchAsync(context, path.Value, long.Parse(context.Request.Query["resourceVersion"]!));
            return;
        }

        Interlocked.Increment(ref _inFlight);
        try
        {
            await AnswerAsync(context, path.Value);
        }
        catch (FakeRefusal refusal)
        {
            await RefuseAsync(context, refusal.Code, refusal.Reason);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task AnswerAsync(HttpContext context, FakePath path)
    {
        var query = context.Request.Query;
        switch (context.Request.Method)
        {
            case "GET" when path.Name is null:
                var limit = query.ContainsKey("limit") ? int.Parse(query["limit"]!) : int.MaxValue;
                var offset = query.ContainsKey("continue") ? int.Parse(query["continue"]!) : 0;
                await context.Response.WriteAsJsonAsync(Store.List(path, limit, offset));
                return;
            case "GET":
                await context.Response.WriteAsJsonAsync(Store.Get(path));
                return;
            case "POST":
                await context.Response.WriteAsJsonAsync(Store.Create(path, await BodyAsync(context)));
                return;
            case "PUT":
                await context.Response.WriteAsJsonAsync(Store.Replace(path, await BodyAsync(context)));
                return;
            case "PATCH":
                await context.Response.WriteAsJsonAsync(Store.Merge(path, await BodyAsync(context)));
                return;
            case "DELETE":
                Store.Delete(path);
                await context.Response.WriteAsJsonAsync(new JsonObject { ["kind"] = "Status" });
                return;
        }
    }

    private async Task WatchAsync(HttpContext context, FakePath path, long since)
    {
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        try
        {
            await foreach (var line in Store.WatchAsync(path, since).WithCancellation(context.RequestAborted))
            {
                if (Silent)
                    continue;
                await context.Response.WriteAsync(line + "\n");
                await context.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The client went away.
        }
    }

    private static async Task<JsonObject> BodyAsync(HttpContext context) =>
        (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();

    private static Task RefuseAsync(HttpContext context, HttpStatusCode code, string reason)
    {
        context.Response.StatusCode = (int)code;
        return context.Response.WriteAsJsonAsync(new JsonObject
        {
            ["kind"] = "Status",
            ["code"] = (int)code,
            ["reason"] = reason,
            ["message"] = "said by the fake",
        });
    }
}
