using System.Net;
using System.Net.Http.Headers;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>Speaks the proxies' admin API (see <see cref="AdminApi"/>), by pod address.</summary>
internal sealed class ProxyAdminClient : IDisposable
{
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PutTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A status lists every member: a thousand of them stay far below.</summary>
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    })
    {
        MaxResponseContentBufferSize = MaxAnswerBytes,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <exception cref="HttpRequestException">It cannot be reached, or refuses.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="TopologyException">Its answer is not a status.</exception>
    public Task<ProxyStatus> GetStatusAsync(string ip, string token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, ip, AdminApi.StatusPath, token, null, StatusTimeout, cancellationToken);

    /// <summary>Answers once every event loop of the proxy acts by the document, or by a newer one.</summary>
    /// <inheritdoc cref="GetStatusAsync"/>
    public Task<ProxyStatus> PutTopologyAsync(string ip, string token, byte[] document, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, ip, AdminApi.TopologyPath, token, document, PutTimeout, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<ProxyStatus> SendAsync(
        HttpMethod method, string ip, string path, string token, byte[]? body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var uri = new UriBuilder(Uri.UriSchemeHttp, ip, AdminApi.AdminPort, path).Uri;
        using var request = new HttpRequestMessage(method, uri);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        both.CancelAfter(timeout);
        try
        {
            using var response = await _http.SendAsync(request, both.Token);
            var answer = await response.Content.ReadAsByteArrayAsync(both.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var text = System.Text.Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 300)));
                throw new HttpRequestException($"{method} {uri} was answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
            }

            return TopologyJson.ReadStatus(answer);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {uri}: no answer within {timeout.TotalSeconds} s", e);
        }
    }
}
