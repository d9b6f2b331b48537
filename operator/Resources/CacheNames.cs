using System.Security.Cryptography;
using System.Text;

namespace CacheOperator.Operator.Resources;

/// <summary>Names of the objects of a cache, as docs/topology.md lists them.</summary>
internal static class CacheNames
{
    /// <summary>Leaves room for the suffixes within the 63 characters of a DNS label.</summary>
    public const int MaxNameLength = 40;

    /// <summary>A StatefulSet's pods carry its name plus eleven characters in a label of at most 63.</summary>
    private const int MaxStatefulSetName = 52;

    public static string StatefulSet(string cache, string zone) => Bounded($"{cache}-memcached-{ZoneSlug(zone)}");

    public static string MembersService(string cache) => $"{cache}-memcached";

    public static string MembersBudget(string cache) => $"{cache}-memcached";

    public static string Policy(string cache, string component) => $"{cache}-{component}";

    public static string Proxy(string cache) => $"{cache}-proxy";

    public static string ClientService(string cache) => cache;

    public static string Topology(string cache) => $"{cache}-topology";

    public static string AdminToken(string cache) => $"{cache}-admin";

    /// <summary>A zone's name in characters that object names may have.</summary>
    public static string ZoneSlug(string zone)
    {
        var slug = new StringBuilder(zone.Length);
        foreach (var c in zone)
            slug.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        return slug.ToString().Trim('-');
    }

    public static bool IsDnsLabel(string name) =>
        name.Length is > 0 and <= 63
        && name[0] is >= 'a' and <= 'z'
        && name[^1] != '-'
        && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static string Bounded(string name)
    {
        if (name.Length <= MaxStatefulSetName) return name;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..6];
        return $"{name[..(MaxStatefulSetName - 7)].TrimEnd('-')}-{digest}";
    }
}
