namespace CacheOperator.Operator.Status;

/// <param name="Pod">Name of a pod that does not come up.</param>
/// <param name="Reason"><see cref="Reasons.PodFailing"/>, <see cref="Reasons.PodUnschedulable"/> or <see cref="Reasons.PodNotCreated"/>.</param>
/// <param name="Message">What Kubernetes says about it.</param>
internal readonly record struct PodProblem(string Pod, string Reason, string Message);
