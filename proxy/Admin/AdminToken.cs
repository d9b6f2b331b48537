using System.Security.Cryptography;
using System.Text;

namespace CacheOperator.Proxy.Admin;

/// <summary>The secret of the admin API. Its file is read for every request, so that it can be replaced while running.</summary>
internal sealed class AdminToken(string? path)
{
    private const string Scheme = "Bearer ";

    /// <param name="authorization">The request's Authorization header.</param>
    public bool Accepts(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        if (Read() is not { Length: > 0 } expected) return false;

        // Hashes have one length: the comparison tells nothing about the token's.
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(given, SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
    }

    private string? Read()
    {
        try
        {
            return path is null ? null : File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
