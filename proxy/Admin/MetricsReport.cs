using System.Globalization;
using System.Text;
using CacheOperator.Proxy.Topology;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Admin;

/// <summary>The proxy's metrics in Prometheus' text format, written by hand: the counters are plain fields of the workers.</summary>
internal sealed class MetricsReport(TopologyStore topology, StatusReporter reporter, Func<ServerStatistics> statistics)
{
    public string Write()
    {
        var text = new StringBuilder();
        var now = statistics();
        var total = now.Total;
        Metric(text, "build_info", "gauge", "Version of the program.").Append(CultureInfo.InvariantCulture, $"{{version=\"{ServerStatistics.Version}\"}} 1\n");
        Value(text, "start_time_seconds", "gauge", "Unix time of the start.", now.StartedAt.ToUnixTimeSeconds());
        Value(text, "event_loops", "gauge", "Event loops.", now.Loops);
        Value(text, "topology_generation", "gauge", "Generation of the topology that all event loops have applied.", topology.Current?.Document.Generation ?? 0);
        Value(text, "ready", "gauge", "1 while the proxy takes traffic.", reporter.NotReadyReason() is null ? 1 : 0);
        Value(text, "isolated", "gauge", "1 while the proxy reaches fewer than half of the Ready members.", reporter.IsIsolated ? 1 : 0);
        Value(text, "connections", "gauge", "Client connections.", total.Connections);
        Value(text, "connections_accepted_total", "counter", "Client connections accepted.", total.ConnectionsAccepted);
        Value(text, "connections_rejected_total", "counter", "Clients refused because there were too many.", total.ConnectionsRejected);
        Value(text, "accept_failures_total", "counter", "Times that no client could be accepted any more, for want of descriptors above all.", total.AcceptFailures);
        Value(text, "idle_clients_closed_total", "counter", "Clients closed because they were silent for too long.", total.IdleClientsClosed);
        Value(text, "received_bytes_total", "counter", "Bytes received from clients.", total.BytesRead);
        Value(text, "sent_bytes_total", "counter", "Bytes sent to clients.", total.BytesWritten);
        Value(text, "slow_clients_closed_total", "counter", "Clients closed because they took nothing while memory was short.", total.SlowClientsClosed);
        Value(text, "commands_total", "counter", "Commands of clients.", total.Commands);
        Value(text, "reads_total", "counter", "Keys read by clients.", total.Reads);
        Value(text, "hits_total", "counter", "Keys read and found.", total.Hits);
        Value(text, "fallback_reads_total", "counter", "Keys answered by another zone than the proxy's own.", total.FallbackReads);
        Value(text, "hedged_reads_total", "counter", "Reads that asked a second replica because the first was slow.", total.HedgedReads);
        Value(text, "backfills_total", "counter", "Items added to the own zone after a hit in another one.", total.Backfills);
        Value(text, "touches_total", "counter", "Items given a new expiry.", total.Touches);
        Value(text, "flushes_total", "counter", "Times that everything was flushed.", total.Flushes);
        Value(text, "writes_total", "counter", "Writes by clients.", total.Writes);
        Value(text, "missed_writes_total", "counter", "Writes that a member did not acknowledge.", total.MissedWrites);
        Value(text, "refused_writes_total", "counter", "Writes that a member answered with an error.", total.RefusedWrites);
        Value(text, "errors_total", "counter", "Requests answered with an error that was not the client's fault.", total.Errors);
        Value(text, "client_errors_total", "counter", "Commands that were not understood.", total.ClientErrors);
        Value(text, "binary_clients_total", "counter", "Connections refused because they speak the binary protocol.", total.BinaryClients);
        WriteMembers(text);
        return text.ToString();
    }

    private void WriteMembers(StringBuilder text)
    {
        if (topology.Current is not { } applied) return;
        var statuses = reporter.Status().Members.ToDictionary(m => m.Uid);
        var known = applied.Document.Members.Where(m => statuses.ContainsKey(m.Uid)).ToList();
        PerMember("member_reachable", "1 while every event loop reaches the member.", s => s.Reachable ? 1 : 0);
        PerMember("member_serves_reads", "1 while this proxy reads from the member.", s => s.ServesReads ? 1 : 0);
        PerMember("member_missed_writes", "Writes of the current epoch that the member lacks for good.", s => s.MissedWrites);
        PerMember("hints", "Keys of which the member missed writes that are still to be made up for.", s => s.Hints);
        PerMember("hints_settled_total", "Keys of which the member missed writes that were made up for.", s => applied.Members[s.Uid].Record.SettledHints, "counter");
        PerMember("hints_dropped_total", "Keys of which the member missed writes that could not be made up for in time.", s => applied.Members[s.Uid].Record.DroppedHints, "counter");
        PerMember("member_items", "Items that the member holds.", s => s.Statistics?.CurrItems ?? 0);

        void PerMember(string name, string help, Func<MemberStatus, long> value, string type = "gauge")
        {
            Metric(text, name, type, help).Length -= $"cacheproxy_{name}".Length;
            foreach (var member in known)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"cacheproxy_{name}{{member=\"{Escape(member.Name)}\",zone=\"{Escape(member.Zone)}\",shard=\"{member.Shard}\"}} {value(statuses[member.Uid])}\n");
            }
        }
    }

    private static void Value(StringBuilder text, string name, string type, string help, long value) =>
        Metric(text, name, type, help).Append(CultureInfo.InvariantCulture, $" {value}\n");

    private static StringBuilder Metric(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP cacheproxy_{name} {help}\n# TYPE cacheproxy_{name} {type}\ncacheproxy_{name}");

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
