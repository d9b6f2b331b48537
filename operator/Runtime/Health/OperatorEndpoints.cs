using CacheOperator.Operator.Runtime.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CacheOperator.Operator.Runtime.Health;

internal static class OperatorEndpoints
{
    public const string LiveTag = "live";
    public const string ReadyTag = "ready";

    /// <summary>Serves <c>/livez</c> (also <c>/healthz</c>), <c>/readyz</c> and <c>/metrics</c>.</summary>
    public static void MapOperatorEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/livez", Tagged(LiveTag));
        endpoints.MapHealthChecks("/healthz", Tagged(LiveTag));
        endpoints.MapHealthChecks("/readyz", Tagged(ReadyTag));
        endpoints.MapGet("/metrics", async (HttpContext context, RuntimeMetrics metrics) =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await metrics.Registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
        });
    }

    private static HealthCheckOptions Tagged(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = WriteAsync,
    };

    /// <summary>One line for each check, so that <c>kubectl get --raw</c> or the events of a failed probe tell what is wrong.</summary>
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        var lines = report.Entries.Select(entry =>
            entry.Value.Status == HealthStatus.Healthy ? $"ok {entry.Key}\n" : $"failed {entry.Key}: {entry.Value.Description}\n");
        return context.Response.WriteAsync(string.Concat(lines), context.RequestAborted);
    }
}
