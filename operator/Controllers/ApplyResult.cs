namespace CacheOperator.Operator.Controllers;

/// <param name="Errors">What the server refused for good.</param>
/// <param name="Rollout">What is being rolled out, in words; null when nothing is.</param>
/// <param name="Growth">Who is given more memory in place, in words; null when nobody is.</param>
internal sealed record ApplyResult(IReadOnlyList<string> Errors, string? Rollout, string? Growth = null)
{
    public static readonly ApplyResult None = new([], null);
}
