using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Reconciliation;
using CacheOperator.Proxy.Topology;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Admin;

/// <summary>The proxy's metrics in Prometheus' text format. The counters are plain fields of the workers.</summary>
internal sealed class MetricsReport(
    ProxySettings settings, TopologyStore topology, StatusReporter reporter, ReconciliationCounters reconciliation, Func<ServerStatistics> statistics)
{
    private const string Prefix = "cacheproxy_";

    public string Write()
    {
        var text = new MetricsText();
        var now = statistics();
        var total = now.Total;
        text.Family(Prefix + "build_info", "gauge", "Version of the program.");
        text.Sample(MetricsText.Label("version", ServerStatistics.Version), 1);
        text.Value(Prefix + "start_time_seconds", "gauge", "Unix time of the start.", now.StartedAt.ToUnixTimeSeconds());
        text.Value(Prefix + "event_loops", "gauge", "Event loops.", now.Loops);
        text.Value(Prefix + "topology_generation", "gauge", "Generation of the topology that all event loops have applied.", topology.Current?.Document.Generation ?? 0);
        text.Value(Prefix + "ready", "gauge", "1 while the proxy takes traffic.", reporter.NotReadyReason() is null ? 1 : 0);
        text.Value(Prefix + "isolated", "gauge", "1 while the proxy reaches fewer than half of the Ready members.", reporter.IsIsolated ? 1 : 0);
        text.Value(Prefix + "outdated", "gauge", "1 while the proxy serves nobody because others act by a newer topology.", topology.IsOutdated ? 1 : 0);
        text.Value(Prefix + "connections", "gauge", "Client connections.", total.Connections);
        text.Value(Prefix + "max_connections", "gauge", "Client connections that are allowed.", settings.MaxClients);
        text.Value(Prefix + "connections_accepted_total", "counter", "Client connections accepted.", total.ConnectionsAccepted);
        text.Value(Prefix + "connections_rejected_total", "counter", "Clients refused because there were too many.", total.ConnectionsRejected);
        text.Value(Prefix + "accept_failures_total", "counter", "Times that no client could be accepted any more, for want of descriptors above all.", total.AcceptFailures);
        text.Value(Prefix + "idle_clients_closed_total", "counter", "Clients closed because they were silent for too long.", total.IdleClientsClosed);
        text.Value(Prefix + "received_bytes_total", "counter", "Bytes received from clients.", total.BytesRead);
        text.Value(Prefix + "sent_bytes_total", "counter", "Bytes sent to clients.", total.BytesWritten);
        text.Value(Prefix + "slow_clients_closed_total", "counter", "Clients closed because they took nothing while memory was short.", total.SlowClientsClosed);
        text.Family(Prefix + "commands_total", "counter", "Commands of clients.");
        foreach (var (name, count) in total.Commands.ByName) text.Sample(MetricsText.Label("command", name), count);
        text.Histogram(Prefix + "request_duration_seconds", $"Time from a request to its answer; one in {LatencyHistogram.Sampling} is measured.", LatencyHistogram.Bounds, total.Latency.Counts, total.Latency.Sum);
        text.Value(Prefix + "reads_total", "counter", "Keys read by clients.", total.Reads);
        text.Value(Prefix + "hits_total", "counter", "Keys read and found.", total.Hits);
        text.Value(Prefix + "fallback_reads_total", "counter", "Keys answered by another zone than the proxy's own.", total.FallbackReads);
        text.Value(Prefix + "hedged_reads_total", "counter", "Reads that asked a second replica because the first was slow.", total.HedgedReads);
        text.Value(Prefix + "backfills_total", "counter", "Items added to the own zone after a hit in another one.", total.Backfills);
        text.Value(Prefix + "touches_total", "counter", "Items given a new expiry.", total.Touches);
        text.Value(Prefix + "flushes_total", "counter", "Times that everything was flushed.", total.Flushes);
        text.Value(Prefix + "writes_total", "counter", "Writes by clients.", total.Writes);
        text.Value(Prefix + "missed_writes_total", "counter", "Writes that a member did not acknowledge.", total.MissedWrites);
        text.Value(Prefix + "refused_writes_total", "counter", "Writes that a member answered with an error.", total.RefusedWrites);
        text.Value(Prefix + "errors_total", "counter", "Requests answered with an error that was not the client's fault.", total.Errors);
        text.Value(Prefix + "client_errors_total", "counter", "Commands that were not understood.", total.ClientErrors);
        text.Value(Prefix + "binary_clients_total", "counter", "Connections refused because they speak the binary protocol.", total.BinaryClients);
        text.Value(Prefix + "requests_under_way", "gauge", "Keys that clients asked for and have not been answered.", now.RequestsUnderWay);
        text.Value(Prefix + "congested_members", "gauge", "Connections to members that clients wait for.", now.CongestedMembers);
        text.Value(Prefix + "held_bytes", "gauge", "Bytes held for clients: input, and what is on its way to them and to members.", now.HeldBytes);
        text.Value(Prefix + "free_buffer_bytes", "gauge", "Bytes of buffers kept to be used again.", now.FreeBytes);
        text.Value(Prefix + "max_held_bytes", "gauge", "Bytes above which clients are held back.", settings.MaxMemory);
        text.Value(Prefix + "comparisons_total", "counter", "Comparisons of two Ready members that this proxy has made.", reconciliation.Comparisons);
        text.Value(Prefix + "comparison_failures_total", "counter", "Comparisons of two Ready members that broke off.", reconciliation.Failures);
        text.Value(Prefix + "divergent_keys_total", "counter", "Keys of which two Ready members were found to hold different items.", reconciliation.Divergent);
        text.Value(Prefix + "healed_keys_total", "counter", "Keys of which two Ready members held different items and do so no more.", reconciliation.Healed);
        WriteMembers(text);
        WriteProcess(text);
        return text.ToString();
    }

    private void WriteMembers(MetricsText text)
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
            text.Family(Prefix + name, type, help);
            foreach (var member in known)
                text.Sample($"{MetricsText.Label("member", member.Name)},{MetricsText.Label("zone", member.Zone)},shard=\"{member.Shard}\"", value(statuses[member.Uid]));
        }
    }

    // The names that Prometheus' client libraries give to a process, and the collector.
    private static void WriteProcess(MetricsText text)
    {
        text.Value("process_resident_memory_bytes", "gauge", "Memory in use.", Environment.WorkingSet);
        text.Value("process_cpu_seconds_total", "counter", "Time of processors used.", Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Value(Prefix + "gc_heap_bytes", "gauge", "Managed memory in use.", GC.GetTotalMemory(forceFullCollection: false));
        text.Value(Prefix + "gc_committed_bytes", "gauge", "Managed memory taken from the system, at the last collection.", GC.GetGCMemoryInfo().TotalCommittedBytes);
        text.Value(Prefix + "gc_allocated_bytes_total", "counter", "Managed memory allocated.", GC.GetTotalAllocatedBytes());
        text.Family(Prefix + "gc_collections_total", "counter", "Collections of managed memory.");
        for (var i = 0; i <= GC.MaxGeneration; i++) text.Sample($"generation=\"{i}\"", GC.CollectionCount(i));
    }
}
