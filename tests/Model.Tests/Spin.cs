using System.Globalization;
using System.Text.RegularExpressions;
using CacheOperator.Provisioning.Debian;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Model.Tests;

/// <summary>The model checker Spin: it visits every state that a Promela model can reach.</summary>
internal static partial class Spin
{
    /// <param name="model">File name of the model, beside this program.</param>
    /// <param name="leftOut">The part of the protocol to leave out; null for none.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<SpinResult> CheckAsync(string model, string? leftOut, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync(["spin", "gcc", "libc6-dev"], null, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("model-").FullName;
        try
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, model), Path.Combine(folder, model));
            string[] define = leftOut is null ? [] : [$"-D{leftOut}"];
            await (new Command("spin", [.. define, "-a", model]) with { WorkingDirectory = folder }).RunAsync(cancellationToken);
            var compile = new Command("gcc", "-O1", "-w", "-DSAFETY", "-o", "pan", "pan.c");
            await (compile with { WorkingDirectory = folder }).RunAsync(cancellationToken);
            var search = new Command(Path.Combine(folder, "pan"), "-m100000") { WorkingDirectory = folder };
            var report = await search.RunAsync(cancellationToken);
            var errors = int.Parse(Errors().Match(report).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var wasComplete = !report.Contains("Search not completed", StringComparison.Ordinal) && !report.Contains("max search depth too small", StringComparison.Ordinal);
            return new SpinResult(errors, wasComplete, Violation().Match(report).Groups[1].Value, report);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"errors: (\d+)")]
    private static partial Regex Errors();

    [GeneratedRegex(@"pan:1: (.*) \(at depth")]
    private static partial Regex Violation();
}
