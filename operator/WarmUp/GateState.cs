namespace CacheOperator.Operator.WarmUp;

/// <param name="Open">Whether the pod may be counted on.</param>
/// <param name="Reason">One of <see cref="GateReasons"/>.</param>
/// <param name="Message">A sentence for people.</param>
internal readonly record struct GateState(bool Open, string Reason, string Message);
