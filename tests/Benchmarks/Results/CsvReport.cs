using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Results;

/// <summary>Every single run, for whoever wants to compute something else from them.</summary>
internal static class CsvReport
{
    private const string Header =
        "row,mix,keys_per_get,pipeline,clients,value_bytes,threads,target,repetition,"
        + "ops_per_second,cpu_us_per_op,members_cpu_us_per_op,p50_us,p99_us,p999_us,peak_rss_bytes,load_busy,extra_reads\n";

    public static string Of(IReadOnlyList<RowResult> rows)
    {
        var text = new StringBuilder(Header);
        foreach (var result in rows)
        {
            foreach (var (kind, runs) in result.Runs)
            {
                for (var i = 0; i < runs.Count; i++) Append(text, result.Row, kind, i + 1, runs[i]);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Row row, TargetKind kind, int repetition, Measurement run)
    {
        var work = row.Workload;
        text.Append(CultureInfo.InvariantCulture, $"{row.Name},{work.Mix},{work.KeysPerGet},{work.Pipeline},{work.Clients},{work.ValueSize},{row.Threads},{kind.Name()},{repetition},");
        text.Append(CultureInfo.InvariantCulture, $"{run.Throughput:0},{run.CpuPerOperation:0.000},{run.MembersCpuPerOperation:0.000},");
        text.Append(CultureInfo.InvariantCulture, $"{run.P50:0},{run.P99:0},{run.P999:0},{run.Memory:0},{run.GeneratorBusy:0.00},{run.ExtraReads:0.0000}\n");
    }
}
