using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CacheOperator.LocalCluster.Machines;

/// <summary>The kernel's view of running processes.</summary>
internal static class ProcessTable
{
    /// <summary>Processes that were started with an environment variable; <paramref name="prefix"/> is <c>NAME=start of value</c>.</summary>
    public static IEnumerable<int> WithEnvironment(string prefix)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && Read(process, "environ").Split('\0').Any(variable => Matches(variable, prefix)))
            {
                yield return process;
            }
        }
    }

    /// <summary>True for process 1 of a process namespace other than this one.</summary>
    public static bool IsFirstOfItsNamespace(int process) => Status(process, "NSpid") is [_, .., "1"];

    /// <summary>True when it runs a program of this name; not for a script that only waits for one.</summary>
    public static bool IsOf(int process, string program) => Path.GetFileName(Read(process, "cmdline").Split('\0')[0]) == program;

    /// <summary>False when it is gone, or waits only for its parent to take note.</summary>
    public static bool IsAlive(int process) => Status(process, "State") is [var state, ..] && !state.StartsWith('Z') && !state.StartsWith('X');

    public static void Kill(int process)
    {
        try
        {
            using var handle = Process.GetProcessById(process);
            handle.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Already gone.
        }
    }

    /// <summary>A whole machine's name matches exactly, a cluster's by its trailing slash.</summary>
    private static bool Matches(string variable, string prefix) =>
        prefix.EndsWith('/') ? variable.StartsWith(prefix, StringComparison.Ordinal) : variable == prefix;

    /// <summary>Values of a line of the process's status; none when it is gone.</summary>
    private static string[] Status(int process, string name) =>
        Array.Find(Read(process, "status").Split('\n'), line => line.StartsWith($"{name}:\t", StringComparison.Ordinal))?.Split('\t')[1..] ?? [];

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}", Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended in the meantime.
            return string.Empty;
        }
    }
}
