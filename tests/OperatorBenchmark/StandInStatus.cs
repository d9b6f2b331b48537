using System.Text.Json.Nodes;
using CacheOperator.Topology;

namespace CacheOperator.OperatorBenchmark;

/// <summary>What those say of themselves that are not there: all is well.</summary>
internal static class StandInStatus
{
    /// <summary>Status of a proxy that has applied a document and reaches everything.</summary>
    /// <param name="name">The proxy's name.</param>
    /// <param name="document">Null before the first.</param>
    /// <param name="processOf">Incarnation of the member with the given UID.</param>
    /// <param name="copies">How far every copy and purge is.</param>
    /// <param name="statistics">Of every member.</param>
    public static ProxyStatus OfProxy(string name, TopologyDocument? document, Func<string, string> processOf, CopyPhase copies, MemberStatistics? statistics = null) => new()
    {
        Name = name,
        Version = "stand-in",
        Generation = document?.Generation ?? 0,
        Ready = document is not null,
        RaisesMemory = true,
        StartedAt = DateTimeOffset.UnixEpoch,
        Members =
        [
            .. document?.Members.Select(m => new MemberStatus
            {
                Uid = m.Uid,
                Incarnation = processOf(m.Uid),
                Reachable = true,
                ServesReads = m.State == MemberState.Ready,
                Epoch = m.Epoch,
                MissedWrites = 0,
                Statistics = statistics ?? new MemberStatistics { CurrItems = 10, Bytes = 1000, LimitMaxBytes = (m.MemoryMebibytes ?? 0) << 20 },
            }) ?? [],
        ],
        Copies =
        [
            .. document?.Copies.Select(c => c.Id).Concat(document.Purges.Select(p => p.Id)).Select(id => new CopyStatus
            {
                Id = id,
                Phase = copies,
                StartedAt = DateTimeOffset.UnixEpoch,
                Total = 10,
                Processed = copies == CopyPhase.Succeeded ? 10 : 5,
            }) ?? [],
        ],
    };

    /// <summary>Status of a pod as a kubelet writes it once its only container runs.</summary>
    public static JsonObject OfRunningPod(string container, string ip) => new()
    {
        ["phase"] = "Running",
        ["podIP"] = ip,
        ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = ip }),
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
        ["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = container,
            ["image"] = "i",
            ["imageID"] = "i",
            ["ready"] = true,
            ["restartCount"] = 0,
            ["state"] = new JsonObject { ["running"] = new JsonObject() },
        }),
    };
}
