using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>The token of the proxies' admin API. Created once: proxies read it at their start, so a silent change would lock the operator out.</summary>
internal static class AdminTokenSecret
{
    public const string Key = "token";

    public static V1Secret Build(V1ObjectMeta metadata) => new()
    {
        Metadata = metadata,
        Type = "Opaque",
        Data = new Dictionary<string, byte[]> { [Key] = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true)) },
    };

    /// <returns>Null when the Secret holds none.</returns>
    public static string? Read(V1Secret secret) =>
        secret.Data is not null && secret.Data.TryGetValue(Key, out var token) && token.Length > 0
            ? Encoding.UTF8.GetString(token).Trim()
            : null;
}
