using System.Net;
using System.Text;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Tests.ApiServer;

/// <summary>
/// Passes everything on to the real API server, but for what a test cannot have of it: that is changed on the way there and back.
/// </summary>
internal abstract class ApiServerFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Kubernetes _real;

    protected ApiServerFront(KubeApiServer real)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        (_app, _real) = (builder.Build(), real.Kubernetes);
        _app.Run(PassOnAsync);
        Token = real.Token;
    }

    public Kubernetes Kubernetes { get; private set; } = null!;

    private string Token { get; }

    public async ValueTask DisposeAsync()
    {
        Kubernetes.Dispose();
        await _app.DisposeAsync();
    }

    protected async Task StartAsync()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = _app.Urls.First(), AccessToken = Token });
    }

    /// <summary>Changes a request.</summary>
    protected abstract (string PathAndQuery, string Body) OnRequest(string method, string path, string query, string body);

    /// <summary>Changes an answer, or one line of it: a watch is a line for each change.</summary>
    protected abstract string OnAnswer(string path, string line);

    private async Task PassOnAsync(HttpContext context)
    {
        var (asked, cancellation) = (context.Request, context.RequestAborted);
        var path = asked.Path.Value!;
        using var body = new StreamReader(asked.Body);
        var (target, content) = OnRequest(asked.Method, path, asked.QueryString.ToString(), await body.ReadToEndAsync(cancellation));
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), new Uri(_real.BaseUri, target));
        request.Headers.TryAddWithoutValidation("Authorization", (string?)asked.Headers.Authorization);
        if (content.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        }

        using var answer = await _real.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();

        // A watch begins before the first change.
        await context.Response.Body.FlushAsync(cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            await context.Response.WriteAsync(OnAnswer(path, line) + "\n", cancellation);
            await context.Response.Body.FlushAsync(cancellation);
        }
    }
}
