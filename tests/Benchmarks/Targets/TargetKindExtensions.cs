namespace CacheOperator.Benchmarks.Targets;

internal static class TargetKindExtensions
{
    /// <summary>As the report calls it.</summary>
    public static string Name(this TargetKind kind) => kind switch
    {
        TargetKind.Memcached => "memcached",
        TargetKind.Twemproxy => "twemproxy",
        TargetKind.BuiltInProxy => "built-in proxy",
        _ => "cache-proxy",
    };

    /// <summary>Members that a write goes to.</summary>
    public static int Copies(this TargetKind kind) => kind is TargetKind.BuiltInProxy or TargetKind.CacheProxy ? Members.Zones : 1;

    /// <summary>First letter of its keys: versions of one proxy and plain items of another do not mix.</summary>
    public static char KeyOwner(this TargetKind kind) => (char)('a' + (int)kind);

    public static bool IsPeer(this TargetKind kind) => kind is TargetKind.Twemproxy or TargetKind.BuiltInProxy;
}
