using System.Text;

namespace CacheOperator.Benchmarks.Results;

/// <summary>A Markdown table: the first column to the left, numbers to the right.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    public MarkdownTable(params IEnumerable<string> columns)
    {
        string[] names = [.. columns];
        Add(names);
        Add(names.Select((_, column) => column == 0 ? "---" : "---:"));
    }

    public void Add(params IEnumerable<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    public override string ToString() => _text.ToString();
}
