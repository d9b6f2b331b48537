using System.Net;
using System.Text;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Tests.ApiServer;

/// <summary>
/// The real API server as one that serves autoscaling/v2: what is asked of that version is passed on to v2beta2, of which it is the renamed
/// successor. So storage, defaulting and ownership of fields are those of the real one.
/// </summary>
internal sealed class NewerApiServer : IAsyncDisposable
{
    private const string Newer = "autoscaling/v2";
    private const string Older = "autoscaling/v2beta2";

    private readonly WebApplication _app;
    private readonly Kubernetes _real;

    private NewerApiServer(WebApplication app, Kubernetes real) => (_app, _real) = (app, real);

    public Kubernetes Kubernetes { get; private set; } = null!;

    public static async Task<NewerApiServer> StartAsync(KubeApiServer real)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new NewerApiServer(app, real.Kubernetes);
        app.Run(server.PassOnAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        server.Kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = app.Urls.First(), AccessToken = real.Token });
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Kubernetes.Dispose();
        await _app.DisposeAsync();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        var (asked, cancellation) = (context.Request, context.RequestAborted);
        var isRenamed = asked.Path.Value!.StartsWith($"/apis/{Newer}", StringComparison.Ordinal);
        string Rename(string text) => isRenamed ? text.Replace(Newer, Older, StringComparison.Ordinal) : text;
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), new Uri(_real.BaseUri, Rename($"{asked.Path}{asked.QueryString}")));
        request.Headers.TryAddWithoutValidation("Authorization", (string?)asked.Headers.Authorization);
        using var body = new StreamReader(asked.Body);
        var content = await body.ReadToEndAsync(cancellation);
        if (content.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Rename(content)));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        }

        using var answer = await _real.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();

        // A watch is a line for each change, and begins before the first one.
        await context.Response.Body.FlushAsync(cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            await context.Response.WriteAsync(line.Replace(Older, Newer, StringComparison.Ordinal) + "\n", cancellation);
            await context.Response.Body.FlushAsync(cancellation);
        }
    }
}
