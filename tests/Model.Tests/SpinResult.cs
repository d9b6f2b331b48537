namespace CacheOperator.Model.Tests;

/// <param name="Errors">Claims that were seen to fail; the search ends with the first.</param>
/// <param name="WasComplete">Whether every reachable state was visited.</param>
/// <param name="Violation">What failed.</param>
/// <param name="Report">Everything that the search printed.</param>
internal sealed record SpinResult(int Errors, bool WasComplete, string Violation, string Report);
