using System.Net;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>The API server refused a request, or sent an error inside a watch.</summary>
internal sealed class ApiException(HttpStatusCode statusCode, V1Status? status, string request)
    : Exception($"{request}: {(int)statusCode} {status?.Reason ?? statusCode.ToString()}{(status?.Message is { Length: > 0 } message ? $": {message}" : "")}")
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>The server's machine-readable reason, such as <c>AlreadyExists</c> or <c>Expired</c>.</summary>
    public string? Reason { get; } = status?.Reason;

    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    public bool IsConflict => StatusCode == HttpStatusCode.Conflict;

    public bool IsForbidden => StatusCode == HttpStatusCode.Forbidden;

    /// <summary>The resource version or continue token is too old: list again.</summary>
    public bool IsExpired => StatusCode == HttpStatusCode.Gone || Reason is "Expired" or "Gone";
}
