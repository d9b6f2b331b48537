using System.Globalization;

namespace CacheOperator.Provisioning.Processes;

/// <summary>Resident memory of a process, in bytes.</summary>
public static class ProcessMemory
{
    /// <summary>Now.</summary>
    public static long Resident(int processId) => Read(processId, "VmRSS:");

    /// <summary>The most since <see cref="ResetPeak"/>.</summary>
    public static long Peak(int processId) => Read(processId, "VmHWM:");

    /// <summary>The same; 0 when the process has ended.</summary>
    public static long PeakOrNone(int processId)
    {
        try
        {
            return Peak(processId);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0; // Gone, or nothing but its exit code is left.
        }
    }

    /// <summary>Has <see cref="Peak"/> count from here on.</summary>
    public static void ResetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    private static long Read(int processId, string field)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture) << 10;
    }
}
