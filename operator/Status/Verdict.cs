namespace CacheOperator.Operator.Status;

/// <summary>What a condition says, before times are put to it.</summary>
/// <param name="Type">One of <see cref="ConditionTypes"/>.</param>
/// <param name="Status">Null is Unknown.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">A sentence for people.</param>
internal readonly record struct Verdict(string Type, bool? Status, string Reason, string Message);
