using CacheOperator.Operator.Settings;

namespace CacheOperator.Operator.Growth;

/// <summary>Decides whether members can be given another size without being replaced.</summary>
internal static class GrowthRules
{
    private const long Mebi = 1024 * 1024;

    /// <param name="from">What they are described with.</param>
    /// <param name="to">What they are to have.</param>
    /// <param name="args">More arguments of memcached.</param>
    /// <param name="canResize">The server changes the resources of running pods.</param>
    /// <param name="canRaise">Some proxy gives members the limit that the topology names.</param>
    /// <returns>What stands in the way; null: nothing.</returns>
    public static string? Obstacle(MemberSize from, MemberSize to, IReadOnlyList<string> args, bool canResize, bool canRaise)
    {
        if (to.MemoryMebibytes < from.MemoryMebibytes) return "memory cannot be taken from a running member";
        if (!ResourceOrder.Grow(from.Resources, to.Resources)) return "not all of its resources grow";
        if (!canResize && !ResourceOrder.AreEqual(from.Resources, to.Resources)) return "this Kubernetes does not serve pods/resize";
        if (to.MemoryMebibytes == from.MemoryMebibytes) return null;
        if (!canRaise) return "no proxy is new enough to change a limit";
        if (args.Any(TakesMemoryAtStart)) return "memcached takes all of its memory when it starts, as spec.engine.args says";

        // What comes on top of the items grows with them, in a member that is full at once.
        return ResourceOrder.MemoryLimit(to.Resources) is { } limit && limit < ContainerResources.NeededFor(to.MemoryMebibytes * Mebi)
            ? "the limit of spec.engine.resources leaves less for memcached itself than the operator would"
            : null;
    }

    /// <summary>Large pages and restartable memory are one piece, of which cache_memlimit cannot change the size.</summary>
    private static bool TakesMemoryAtStart(string arg) =>
        arg is "-L" or "--enable-largepages" or "-e" || arg.StartsWith("--memory-file", StringComparison.Ordinal)
        || (arg.StartsWith("-e", StringComparison.Ordinal) && !arg.StartsWith("--", StringComparison.Ordinal));
}
