namespace CacheOperator.Proxy.Hints;

/// <summary>A key of which a member missed a write.</summary>
/// <param name="Key">As requests name it; one in base64 is followed by a blank and <c>b</c>.</param>
/// <param name="Version">The highest version that it missed: what it holds up to this one is not to be trusted.</param>
/// <param name="Lack">What others have of it; nothing when none may have made the write.</param>
/// <param name="IsOwed">Whether a client was told that such a write was made.</param>
/// <param name="Sequence">Higher for each miss, so that a key missed again while it is settled is not taken for settled.</param>
internal readonly record struct Hint(byte[] Key, ulong Version, Lack Lack, bool IsOwed, long Sequence);
