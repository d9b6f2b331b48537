namespace CacheOperator.Proxy.Net;

/// <summary>Options of Linux's TCP for which there is no name in .NET; see tcp(7).</summary>
internal enum TcpOption
{
    /// <summary>TCP_MAXSEG, in bytes.</summary>
    MaxSegment = 2,

    /// <summary>TCP_USER_TIMEOUT, in milliseconds.</summary>
    UserTimeout = 18,

    /// <summary>TCP_NOTSENT_LOWAT, in bytes.</summary>
    NotSentLowWaterMark = 25,
}
