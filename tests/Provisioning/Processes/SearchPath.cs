namespace CacheOperator.Provisioning.Processes;

/// <summary>Programs on this machine's <c>PATH</c>.</summary>
internal static class SearchPath
{
    /// <summary>Returns the path of <paramref name="program"/>, or null when it is not there.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
