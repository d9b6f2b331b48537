using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using k8s.Models;

namespace CacheOperator.Operator.Controllers;

/// <summary>
/// Makes and reads the admin token. Secrets are not watched: so the operator needs to get single ones by name only, and never lists any.
/// </summary>
internal sealed class AdminTokens(ApiClient client, ObjectApplier applier, TimeProvider time)
{
    /// <summary>After this the Secret is looked at again, should somebody have changed or deleted it.</summary>
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMinutes(5);

    /// <returns>Null when there is none and none may be made now.</returns>
    /// <exception cref="NotOwnedException">A Secret of that name belongs to somebody else.</exception>
    public async Task<string?> EnsureAsync(Situation situation, CancellationToken cancellationToken)
    {
        var session = situation.Session;
        var now = time.GetUtcNow();
        if (session.Token is { } known && now - session.TokenRead < ReadAgain) return known;
        var meta = situation.Cache.Metadata;
        var key = new ObjectKey(meta.NamespaceProperty, CacheNames.AdminToken(meta.Name));
        var secret = await client.GetAsync<V1Secret>(key, cancellationToken);
        if (secret is null)
        {
            if (situation.Paused || situation.Context is null) return null;
            await applier.TryCreateAsync(
                AdminTokenSecret.Build(OwnedMetadata.Of(meta.NamespaceProperty, meta.Name, meta.Uid, key.Name)), cancellationToken);
            secret = await client.GetAsync<V1Secret>(key, cancellationToken);
        }

        if (secret?.Metadata.OwnerReferences?.Any(o => o.Uid == meta.Uid) != true)
            throw new NotOwnedException(ResourceKind.Of<V1Secret>(), key, "somebody else");
        session.Token = AdminTokenSecret.Read(secret)
            ?? throw new InvalidOperationException($"Secret {key} has no value under {AdminTokenSecret.Key}; delete it, and it is made anew.");
        session.TokenRead = now;
        return session.Token;
    }
}
