namespace CacheOperator.Operator.Controllers;

/// <param name="Errors">What the server refused for good.</param>
/// <param name="Rollout">What is being rolled out, in words; null when nothing is.</param>
internal sealed record ApplyResult(IReadOnlyList<string> Errors, string? Rollout)
{
    public static readonly ApplyResult None = new([], null);
}
