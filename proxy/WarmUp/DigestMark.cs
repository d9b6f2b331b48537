namespace CacheOperator.Proxy.WarmUp;

/// <summary>What stands for one item in a <see cref="CopyDigest"/>.</summary>
/// <param name="Sum">Which of the sums its key belongs to.</param>
/// <param name="Value">What it adds to that.</param>
internal readonly record struct DigestMark(int Sum, ulong Value);
