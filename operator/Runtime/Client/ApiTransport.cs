using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>Raw requests over the connection and credentials of the Kubernetes client.</summary>
internal sealed class ApiTransport(Kubernetes kubernetes, TimeProvider time)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <param name="path">With its query, relative to the server's address.</param>
    /// <exception cref="ApiException">The server refused.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public Task<string> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken) =>
        SendAsync(method, path, content, static (answer, token) => answer.ReadAsStringAsync(token), cancellationToken);

    /// <summary>Reads a document whole, without making a string of it: lists are large.</summary>
    /// <inheritdoc cref="SendAsync(HttpMethod, string, HttpContent?, CancellationToken)"/>
    public async Task<JsonDocument> ReadAsync(string path, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await SendAsync(HttpMethod.Get, path, null, static (answer, token) => answer.ReadAsByteArrayAsync(token), cancellationToken));

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await OpenAsync(method, path, content, either.Token);
            return await read(response.Content, either.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {path}: no answer within {RequestTimeout.TotalSeconds} s", e);
        }
    }

    /// <summary>Sends a request and returns as soon as the headers of the answer are there; for streams, so without a time limit.</summary>
    /// <exception cref="ApiException">The server refused.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(kubernetes.BaseUri, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = content,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (kubernetes.Credentials is { } credentials)
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        var response = await kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new ApiException(response.StatusCode, ParseStatus(body), $"{method} {path}");
        }
    }

    private static V1Status ParseStatus(string body)
    {
        try
        {
            return KubernetesJson.Deserialize<V1Status>(body) ?? new V1Status();
        }
        catch (JsonException)
        {
            // Proxies and load balancers in front of the server answer in words of their own.
            return new V1Status { Message = body.Length > 200 ? body[..200] : body };
        }
    }
}
