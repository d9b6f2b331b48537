using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Apply;
using k8s.Models;

namespace CacheOperator.Operator.Growth;

/// <summary>
/// Compares a zone's StatefulSet as it is desired with what was applied last, by the hash that the live one carries: so a field counts that is no longer
/// rendered, and what the server has added does not.
/// </summary>
internal static class TemplateComparison
{
    /// <summary>Whether it was applied as it is desired.</summary>
    public static bool IsApplied(RenderContext context, string zone, V1StatefulSet live) => WasApplied(MembersStatefulSet.Build(context, zone), live);

    /// <summary>Whether its pods are described as desired, be they held as they are or not.</summary>
    public static bool IsSameTemplate(RenderContext context, string zone, V1StatefulSet live) => WasApplied(BuildAsHeld(context, zone, live), live);

    /// <summary>Whether its pods would be described as desired, were they to keep the size that they are described with.</summary>
    public static bool DiffersInSizeOnly(RenderContext context, string zone, V1StatefulSet live)
    {
        if (MemberSize.Of(live.Spec.Template.Spec) is not { } size) return false;
        var desired = BuildAsHeld(context, zone, live);
        size.PutInto(desired);
        return WasApplied(desired, live);
    }

    private static V1StatefulSet BuildAsHeld(RenderContext context, string zone, V1StatefulSet live) =>
        MembersStatefulSet.Build(context with { HeldZones = MembersStatefulSet.IsHeld(live) ? [zone] : [] }, zone);

    /// <summary>More or fewer members replace none: that is no difference.</summary>
    private static bool WasApplied(V1StatefulSet desired, V1StatefulSet live)
    {
        string? applied = null;
        live.Metadata.Annotations?.TryGetValue(RenderedObject.HashAnnotation, out applied);
        if (applied == RenderedObject.Of(desired).Hash) return true;
        desired.Spec.Replicas = live.Spec.Replicas;
        return applied == RenderedObject.Of(desired).Hash;
    }
}
