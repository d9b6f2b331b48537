namespace CacheOperator.Proxy.Net;

/// <summary>Who is written to first at the end of an iteration.</summary>
internal enum FlushOrder
{
    Members = 0,
    Clients = 1,
}
