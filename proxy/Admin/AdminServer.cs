using System.Net;
using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Topology;
using CacheOperator.Topology;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CacheOperator.Proxy.Admin;

/// <summary>The admin API on one port, metrics and health on another: see <see cref="AdminApi"/>.</summary>
internal sealed class AdminServer(ProxySettings settings, TopologyStore topology, StatusReporter reporter, MetricsReport metrics) : IAsyncDisposable
{
    private const int MaxDocumentSize = 16 << 20;

    private readonly AdminToken _token = new(settings.AdminTokenFile);
    private WebApplication? _app;
    private ListenOptions? _admin;
    private ListenOptions? _metrics;

    /// <summary>Where the admin API listens, once started.</summary>
    public IPEndPoint AdminEndPoint => _admin!.IPEndPoint!;

    /// <summary>Where metrics and health listen, once started.</summary>
    public IPEndPoint MetricsEndPoint => _metrics!.IPEndPoint!;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxDocumentSize;
            kestrel.Listen(settings.AdminListen, options => _admin = options);
            kestrel.Listen(settings.MetricsListen, options => _metrics = options);
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Connection.LocalPort == AdminEndPoint.Port ? HandleAdminAsync(context) : HandleMetricsAsync(context);
    }

    private async Task HandleAdminAsync(HttpContext context)
    {
        if (!_token.Accepts(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await TextAsync(context, StatusCodes.Status401Unauthorized, "the admin token is needed: Authorization: Bearer TOKEN");
            return;
        }

        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("PUT", AdminApi.TopologyPath):
                await ApplyAsync(context);
                break;
            case ("GET", AdminApi.TopologyPath) when topology.Current is { } applied:
                await JsonAsync(context, TopologyJson.Write(applied.Document));
                break;
            case ("GET", AdminApi.TopologyPath):
                await TextAsync(context, StatusCodes.Status404NotFound, "no topology yet");
                break;
            case ("GET", AdminApi.StatusPath):
                await JsonAsync(context, TopologyJson.Write(reporter.Status()));
                break;
            default:
                await TextAsync(context, StatusCodes.Status404NotFound, "not found");
                break;
        }
    }

    private async Task ApplyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        try
        {
            await topology.ApplyAsync(TopologyJson.ReadTopology(body.GetBuffer().AsSpan(0, (int)body.Length)), context.RequestAborted);
            await JsonAsync(context, TopologyJson.Write(reporter.Status()));
        }
        catch (OtherCacheException e)
        {
            await TextAsync(context, StatusCodes.Status409Conflict, e.Message);
        }
        catch (TopologyException e)
        {
            await TextAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private async Task HandleMetricsAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case AdminApi.MetricsPath:
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
                break;
            case AdminApi.LivenessPath:
                await TextAsync(context, StatusCodes.Status200OK, "ok");
                break;
            case AdminApi.ReadinessPath:
                var reason = reporter.NotReadyReason();
                await TextAsync(context, reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, reason ?? "ok");
                break;
            default:
                await TextAsync(context, StatusCodes.Status404NotFound, "not found");
                break;
        }
    }

    private static Task JsonAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    private static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
