using System.Globalization;
using CacheOperator.Operator.Resources;
using k8s.Models;

namespace CacheOperator.Operator.Growth;

/// <summary>What of a member can be changed without replacing its pod.</summary>
/// <param name="MemoryMebibytes">Memory for items in MiB, memcached's <c>-m</c>.</param>
/// <param name="Resources">Of memcached's container.</param>
internal sealed record MemberSize(long MemoryMebibytes, V1ResourceRequirements Resources)
{
    private const string Argument = "-m";

    /// <returns>Null when this is no pod of a member as the operator describes it.</returns>
    public static MemberSize? Of(V1PodSpec? spec) =>
        spec is not null && ContainerOf(spec) is { } container
        && PlaceOf(container) is var place and > 0
        && long.TryParse(container.Args[place], NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes)
            ? new MemberSize(mebibytes, container.Resources ?? new V1ResourceRequirements())
            : null;

    /// <summary>Gives the pods that a StatefulSet describes this size.</summary>
    public void PutInto(V1StatefulSet set)
    {
        var container = ContainerOf(set.Spec.Template.Spec)!;
        container.Args[PlaceOf(container)] = MemoryMebibytes.ToString(CultureInfo.InvariantCulture);
        container.Resources = Resources;
    }

    public static V1Container? ContainerOf(V1PodSpec spec) => spec.Containers?.FirstOrDefault(c => c.Name == MembersStatefulSet.ContainerName);

    /// <summary>Where the number of MiB is among the arguments; 0 when nowhere.</summary>
    private static int PlaceOf(V1Container container)
    {
        var place = container.Args?.IndexOf(Argument) + 1 ?? 0;
        return place < (container.Args?.Count ?? 0) ? place : 0;
    }
}
