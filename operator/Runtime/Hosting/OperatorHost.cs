using CacheOperator.Operator.Runtime.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.Hosting;

/// <summary>The process around the runtime: one port for health and metrics, logs as JSON lines, a clean stop on SIGTERM.</summary>
internal static class OperatorHost
{
    /// <summary>Less than a pod's usual 30 s between SIGTERM and SIGKILL: the lease is given back within it.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// <code>
    /// var host = OperatorHost.Create(8080, builder => builder.Services.AddOperatorRuntime().AddController&lt;...>());
    /// await host.RunAsync();
    /// </code>
    /// </summary>
    /// <param name="port">Serves <c>/livez</c>, <c>/readyz</c> and <c>/metrics</c> on every address; 0 takes any free one.</param>
    public static WebApplication Create(int port, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        configure(builder);
        var host = builder.Build();
        host.MapOperatorEndpoints();
        return host;
    }
}
