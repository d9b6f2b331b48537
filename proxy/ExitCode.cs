namespace CacheOperator.Proxy;

/// <summary>Exit codes, those of sysexits.h.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The flags or the environment are wrong.</summary>
    public const int Usage = 64;

    /// <summary>An address cannot be listened at.</summary>
    public const int Unavailable = 69;

    /// <summary>A fault of the program.</summary>
    public const int Software = 70;
}
