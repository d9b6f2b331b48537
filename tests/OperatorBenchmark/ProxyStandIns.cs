using System.Collections.Concurrent;
using System.Net;
using CacheOperator.Topology;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CacheOperator.OperatorBenchmark;

/// <summary>The admin API of every proxy: each has a loopback address of its own, and finds all members well.</summary>
internal sealed class ProxyStandIns : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<IPAddress, TopologyDocument> _documents = new();
    private int _addresses;

    public ProxyStandIns()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Any, AdminApi.AdminPort));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <summary>The next of 16 million addresses.</summary>
    public string NextAddress()
    {
        var number = Interlocked.Increment(ref _addresses);
        return $"127.{100 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var address = context.Connection.LocalIpAddress!.MapToIPv4();
        if (context.Request.Method == "PUT")
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            _documents[address] = TopologyJson.ReadTopology(body.ToArray());
        }

        await context.Response.Body.WriteAsync(TopologyJson.Write(StandInStatus.OfProxy($"{address}", _documents.GetValueOrDefault(address), static _ => "1@1", CopyPhase.Succeeded)), context.RequestAborted);
    }
}
