namespace CacheOperator.Topology;

/// <summary>The proxy's admin API: what the operator (and a person with the token) may ask of a proxy.</summary>
/// <remarks>
/// Every request carries <c>Authorization: Bearer TOKEN</c>; 401 without it.
/// <list type="bullet">
/// <item><c>PUT /topology</c> with a <see cref="TopologyDocument"/>: 200 and a <see cref="ProxyStatus"/> once every event loop
/// has applied it (or a newer one); 400 with the faults as text when it is invalid; 409 when it is for another cache.</item>
/// <item><c>GET /topology</c>: the document applied, 404 before the first.</item>
/// <item><c>GET /status</c>: a <see cref="ProxyStatus"/>.</item>
/// </list>
/// Metrics and health have a port of their own, without a token: <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>.
/// </remarks>
public static class AdminApi
{
    public const string TopologyPath = "/topology";
    public const string StatusPath = "/status";
    public const string MetricsPath = "/metrics";
    public const string LivenessPath = "/healthz";
    public const string ReadinessPath = "/readyz";

    public const int ClientPort = 11211;
    public const int AdminPort = 11280;
    public const int MetricsPort = 11281;
}
