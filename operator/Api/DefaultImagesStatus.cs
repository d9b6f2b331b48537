namespace CacheOperator.Operator.Api;

/// <summary>What a cache runs where its spec names no image: chosen once, so that another operator does not replace its pods.</summary>
internal sealed record DefaultImagesStatus
{
    public string? Memcached { get; init; }

    public string? Proxy { get; init; }

    /// <summary>The value of <see cref="ApiGroup.UpdateImages"/> that was followed last.</summary>
    public string? UpdateRequest { get; init; }
}
