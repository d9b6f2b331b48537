using System.Net;

namespace CacheOperator.Operator.Tests.Runtime.Support;

internal sealed class FakeRefusal(HttpStatusCode code, string reason) : Exception(reason)
{
    public HttpStatusCode Code { get; } = code;

    public string Reason { get; } = reason;
}
