namespace CacheOperator.LocalCluster.Images;

/// <summary>A container image of one layer.</summary>
internal sealed record ImageDefinition
{
    /// <summary>Full names, <c>registry/repository:tag</c>.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<ImageFile> Files { get; init; }

    public required IReadOnlyList<string> Entrypoint { get; init; }

    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Numeric, so that <c>runAsNonRoot</c> can be checked.</summary>
    public string User { get; init; } = "65532:65532";
}
