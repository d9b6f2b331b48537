using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Results;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>What a run found.</summary>
internal sealed record WarmUpReport(MachineDescription Machine, IReadOnlyList<ReportSection> Sections)
{
    private const string Name = "warm-up.md";

    /// <summary>Writes all of its files, replacing older ones.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Name), ToMarkdown());
        foreach (var (name, content) in Sections.SelectMany(section => section.Files)) File.WriteAllText(Path.Combine(folder, name), content);
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder("# Warm-up\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Machine.Processor}, {Machine.Cores} cores, {Machine.MemoryBytes / (double)(1 << 30):0} GiB; {Machine.System}, Linux {Machine.Kernel}; ");
        text.AppendJoin("; ", Machine.Versions).Append(".\nMembers, proxies and clients share these cores; all connections are on loopback. How it is done: `docs/benchmarks.md`.\n");
        Figure[] figures = [.. Sections.SelectMany(section => section.Figures)];
        if (figures.Length > 0)
        {
            var table = new MarkdownTable("", "goal", "measured", "");
            foreach (var figure in figures) table.Add(figure.What, figure.Goal, figure.Measured, figure.IsReached ? "reached" : "missed");
            text.Append('\n').Append(table);
        }

        foreach (var section in Sections) text.Append(CultureInfo.InvariantCulture, $"\n## {section.Title}\n{section.Text.TrimEnd()}\n");
        return text.ToString();
    }
}
