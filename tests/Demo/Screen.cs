using Spectre.Console;
using Spectre.Console.Rendering;

namespace CacheOperator.Demo;

/// <summary>Writes for people, on a terminal as in a log: lines that stay, nothing that is redrawn.</summary>
internal sealed class Screen : IProgress<string>
{
    private const int RuleWidth = 100;
    private readonly IAnsiConsole _console;
    private readonly Lock _gate = new();

    public Screen(IAnsiConsole console)
    {
        _console = console;
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = short.MaxValue; // a log's lines are not wrapped
    }

    /// <summary>Headline of the next part.</summary>
    public void Stage(string title) => Write(() =>
    {
        _console.WriteLine();
        _console.MarkupLine($"[yellow]──[/] [bold]{Markup.Escape(title)}[/] [yellow]{new string('─', Math.Max(2, RuleWidth - title.Length))}[/]");
    });

    public void Report(string value) => Line(value, "grey");

    public void Line(string text, string style = "default") => Write(() => _console.MarkupLine($"[{style}]{Markup.Escape(text)}[/]"));

    /// <summary>A command as a user would type it, and what it shows.</summary>
    public void Command(string command, string output) => Write(() =>
    {
        _console.MarkupLine($"[blue]$ {Markup.Escape(command)}[/]");
        foreach (var line in output.TrimEnd().Split('\n')) _console.MarkupLine($"  {Markup.Escape(line)}");
    });

    public void Show(IRenderable table) => Write(() => _console.Write(table));

    private void Write(Action write)
    {
        lock (_gate) write();
    }
}
