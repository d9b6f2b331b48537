using CacheOperator.Operator.Observing;

namespace CacheOperator.Operator.Growth;

/// <param name="Pod">The member's pod.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="Message">What it waits for, or why it is given up; a part of a sentence, the pod being its subject.</param>
/// <param name="Size">What the member is to have.</param>
/// <param name="Revision">Of the StatefulSet that describes it so.</param>
internal sealed record GrowthStep(ObservedPod Pod, GrowthAction Action, string Message, MemberSize Size, string Revision);
