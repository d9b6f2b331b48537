using System.Globalization;
using System.Text;

namespace CacheOperator.OperatorBenchmark;

/// <summary>The result in Markdown.</summary>
internal static class ScaleReport
{
    public static string Of(ScaleResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # The operator with {result.Caches} caches

            `make bench-operator`: a real kube-apiserver (1.{result.KubernetesMinor}) and etcd on this machine ({Environment.ProcessorCount} cores), the operator as it is shipped. The {result.Pods} pods are
            stood in for: objects that are Ready at once, and an HTTP server that answers for every proxy. Both share the machine with the operator, and what they take is part of the times.

            | | time | CPU | memory | peak | reconciles | quick looks | API requests | API writes |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|

            """);
        Add(text, "first start: until all are Ready", result.FirstStart);
        Add(text, "steady state", result.Steady);
        Add(text, "restart: until it has looked at all", result.Restart);
        var minutes = result.Steady.Time.TotalMinutes;
        text.Append(CultureInfo.InvariantCulture, $"""

            In the steady state that is {result.Steady.Reconciles / minutes:0} reconciles, {result.Steady.Polls / minutes:0} quick looks (proxies are asked, and answer what they answered before) and {result.Steady.Requests.Writes / minutes:0.#} API writes a minute{Named(result.Steady.Requests)}, and {result.Steady.Cpu.TotalSeconds / result.Steady.Time.TotalSeconds:0.00} of a core.

            A leader that is killed is followed by one that acts after {result.Failover.Killed.TotalSeconds:0.0} s (the lease runs out after 15 s), one that is told to stop after {string.Join(", ", result.Failover.Stopped.Select(s => s.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)))} s
            ({result.Failover.Stopped.Count} times). The next one has read everything before, and takes {result.Failover.WaitingBytes / 1_000_000} MB while it waits.

            """);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, ScalePhase phase) => text.Append(
        CultureInfo.InvariantCulture,
        $"| {name} | {phase.Time.TotalSeconds:0.0} s | {phase.Cpu.TotalSeconds:0.0} s | {phase.ResidentBytes / 1_000_000} MB | {phase.PeakBytes / 1_000_000} MB | {phase.Reconciles:0} | {phase.Polls:0} | {phase.Requests.Total} | {phase.Requests.Writes} |\n");

    private static string Named(RequestCounts requests) =>
        requests.Writes == 0 ? "" : $" ({string.Join(", ", requests.Written.Select(c => $"{c.Value} x {c.Key}"))})";
}
