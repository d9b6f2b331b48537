using CacheOperator.Consistency.Keys;

namespace CacheOperator.Consistency.Checking;

/// <param name="Kind">What is wrong.</param>
/// <param name="Key">With which key; null when it is none in particular.</param>
/// <param name="Moment">When, in microseconds of the run.</param>
/// <param name="Text">One sentence.</param>
internal sealed record Violation(ViolationKind Kind, Key? Key, long Moment, string Text);
