namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>Gives back what reading a long list took: several times the objects that are kept of it, and no process at rest would collect it soon.</summary>
internal static class ListMemory
{
    /// <summary>Lists are rare, and nobody waits for a reconcile within the tenths of a second that this takes.</summary>
    public static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
