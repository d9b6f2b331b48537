namespace CacheOperator.Topology;

public static class MemberStateExtensions
{
    /// <summary>Whether proxies may answer a read from a member in this state.</summary>
    public static bool ServesReads(this MemberState state) => state is MemberState.Ready;

    /// <summary>Whether proxies send writes to a member in this state.</summary>
    public static bool TakesWrites(this MemberState state) => state is not MemberState.Cold;
}
