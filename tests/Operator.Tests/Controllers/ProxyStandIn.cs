using System.Net;
using CacheOperator.OperatorBenchmark;
using CacheOperator.Topology;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Tests.Controllers;

/// <summary>A proxy's admin API on a loopback address of its own. Its copies succeed at once, unless they are held.</summary>
internal sealed class ProxyStandIn : IAsyncDisposable
{
    private static int _addresses;
    private readonly WebApplication _app;
    private readonly Func<string, string> _processOf;
    private readonly Lock _lock = new();
    private TopologyDocument? _document;

    private ProxyStandIn(WebApplication app, IPAddress address, Func<string, string> processOf)
    {
        _app = app;
        _processOf = processOf;
        Address = address.ToString();
    }

    public string Address { get; }

    public string? Token { get; set; }

    /// <summary>Copies stay as they are while true.</summary>
    public bool HoldCopies { get; set; }

    /// <summary>What every member says of itself; null for little.</summary>
    public MemberStatistics? Statistics { get; set; }

    public int StatusRequests { get; private set; }

    public int Refused { get; private set; }

    public TopologyDocument? Document
    {
        get { lock (_lock) return _document; }
    }

    /// <param name="processOf">Incarnation of the member with the given UID.</param>
    public static async Task<ProxyStandIn> StartAsync(Func<string, string> processOf)
    {
        var number = Interlocked.Increment(ref _addresses);
        var address = IPAddress.Parse($"127.83.{number / 250}.{(number % 250) + 1}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(address, AdminApi.AdminPort));
        var app = builder.Build();
        var standIn = new ProxyStandIn(app, address, processOf);
        app.Run(standIn.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (Token is null || context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            Refused++;
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (context.Request.Method == "PUT")
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var document = TopologyJson.ReadTopology(body.ToArray());
            lock (_lock)
            {
                if (document.Generation > (_document?.Generation ?? 0)) _document = document;
            }
        }
        else
        {
            StatusRequests++;
        }

        await context.Response.Body.WriteAsync(TopologyJson.Write(Status()), context.RequestAborted);
    }

    private ProxyStatus Status() => StandInStatus.OfProxy(Address, Document, _processOf, HoldCopies ? CopyPhase.Running : CopyPhase.Succeeded, Statistics);
}
